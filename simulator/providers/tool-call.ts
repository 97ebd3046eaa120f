/** The arguments of a simulated tool's call, piece by piece: a JSON object whose one text is the answer's words. */
export class ToolArguments {
  #begun = false;

  constructor(readonly name: string) {}

  /** The first piece names the call. */
  get begun(): boolean {
    return this.#begun;
  }

  piece(words: string): string {
    const lead = this.#begun ? '' : '{"query":"';
    this.#begun = true;
    return lead + JSON.stringify(words).slice(1, -1);
  }

  end(): string {
    return '"}';
  }
}
