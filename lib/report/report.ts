import type { RunRecord } from '../summary';
import { text, type Block, type Document, type Section } from './document';
import {
  accuracyBlocks,
  costBlocks,
  elsewhere,
  environmentBlocks,
  objectiveBlocks,
  outcomeBlocks,
  phaseBlocks,
  resourceTable,
  slowestBlocks,
} from './facts';
import { groupTables, tokenTable } from './groups';
import { headOf } from './head';
import { ownPicture } from './picture';
import { curves, distributions } from './spread';
import { overTime, pictureOf, resourcesOverTime } from './time';

const few = '"(few)" stands beside a percentile that has fewer samples than it takes: read it as a rough figure.';

/** What the report of a run says. Sections without content are left out. */
export function documentOf(run: RunRecord): Document {
  const said = (blocks: Block[]): Block[] =>
    blocks.some(
      (block) =>
        block.kind === 'table' &&
        block.rows.some((row) => row.some((cell) => typeof cell === 'string' && cell.endsWith('(few)'))),
    )
      ? [...blocks, text(few)]
      : blocks;
  const sections: Section[] = [
    { title: 'Objectives', blocks: objectiveBlocks(run) },
    { title: 'Findings', blocks: ownPicture(run) },
    { title: 'Over time', blocks: [...elsewhere(run), ...overTime(run)] },
    { title: 'Phases', blocks: said(phaseBlocks(run)) },
    { title: 'By kind, model and agency', blocks: said(groupTables(run)) },
    { title: 'Percentiles and distributions', blocks: [...curves(run), ...distributions(run)] },
    { title: 'Outcomes and errors', blocks: outcomeBlocks(run) },
    { title: 'Slowest requests', blocks: slowestBlocks(run) },
    { title: 'Tokens', blocks: tokenTable(run) },
    { title: 'Cost', blocks: costBlocks(run) },
    { title: "The target's resources", blocks: [...resourcesOverTime(run), ...resourceTable(run)] },
    { title: 'Notes', blocks: run.notes.map(text) },
    { title: 'Accuracy', blocks: accuracyBlocks(run), aside: true },
    { title: 'Environment and parameters', blocks: environmentBlocks(run), aside: true },
  ];
  return { ...headOf(run), picture: pictureOf(run), sections: sections.filter(({ blocks }) => blocks.length > 0) };
}
