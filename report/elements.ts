/** An element with attributes and children. Text is text: nothing in it becomes markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** Four significant digits at most, thousands parted by a thin space. */
export function short(value: number | null | undefined): string {
  if (value === null || value === undefined) return '-';
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
  return Math.abs(rounded) >= 10_000 ? String(rounded).replace(/\B(?=(\d{3})+$)/g, '\u202f') : String(rounded);
}

/** Seconds since the load began, as a clock has them. */
export function clock(seconds: number): string {
  if (seconds < 120) return `${short(seconds)} s`;
  const [h, min, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), Math.round(seconds % 60)];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(min)}:${two(s)}` : `${min}:${two(s)}`;
}

/** A table behind its chart: closed, and made when it is opened first. */
export function tableBehind(make: () => HTMLElement): HTMLElement {
  const details = element('details', { class: 'behind' }, element('summary', {}, 'Figures of this chart'));
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) details.append(make());
  });
  return details;
}
