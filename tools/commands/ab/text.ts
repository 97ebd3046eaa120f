import { labelOf } from '../compare/judge';
import { markdown as comparisonMarkdown } from '../compare/markdown';
import { text as comparisonText } from '../compare/text';
import { change, markdownText } from '../compare/words';
import { plainText } from '../../programs/printable';
import type { Experiment } from './experiment';

/** What the base against itself showed, a line for each main figure. */
function floorLines({ floor }: Experiment): string[] {
  return floor.figures
    .filter(({ role }) => role !== 'detail')
    .map((figure) => {
      const said = (x: number | null) => (x === null ? 'open' : change(x, figure.base ?? 0, figure.unit));
      const [low, high] = figure.interval ?? [null, null];
      return `${labelOf(figure)}: ${said(figure.difference)} (${said(low)} to ${said(high)})`;
    });
}

function ending({ looks, dropped, ended }: Experiment): string[] {
  const looked = looks.map(({ pairs, verdict }) => `${pairs} pairs: ${verdict}`).join(', ');
  return [
    `The experiment ended since ${ended}.${looked ? ` It was looked at after ${looked}.` : ''}`,
    ...(dropped > 0 ? [`${dropped} pairs did not count, since the instrument was in doubt, and were made again.`] : []),
  ];
}

/** The experiment for a terminal. */
export function text(experiment: Experiment, all: boolean): string {
  const floor = floorLines(experiment);
  const lines = [
    ...ending(experiment),
    ...(floor.length > 0
      ? ['The base against itself, the noise of this machine and target:', ...floor.map((each) => `  ${each}`)]
      : []),
  ];
  return `${comparisonText(experiment.result, all)}${lines.map((line) => `  ${plainText(line)}`).join('\n')}\n\n`;
}

/** The experiment as Markdown for a pull request. */
export function markdown(experiment: Experiment, all: boolean): string {
  const lines = [...ending(experiment), ...floorLines(experiment).map((line) => `Base against itself: ${line}`)];
  return `${comparisonMarkdown(experiment.result, all).replace('gsai-perf compare', 'gsai-perf A/B')}${lines.map((line) => `- ${markdownText(line)}`).join('\n')}\n`;
}
