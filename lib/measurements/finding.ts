/** What a script says of its run beside the objectives: a value with its unit, and a sentence. */
export interface Finding {
  /** What it is, by a name that objectives use: `time-to-switch`. */
  id: string;
  /** Which of several of that id: the models that are compared. */
  of?: string;
  value: number | null;
  unit: string;
  text: string;
  /** There is no value because the target never did it: an objective about this finding is missed, not unjudged. */
  missed?: boolean;
  /** Samples behind the value, and its 95 % interval. */
  n?: number;
  interval?: [number, number];
  /** The samples are so few that all of them may lie beyond a limit by chance: then the value is not judged as missed. */
  few?: true;
  table?: { head: string[]; rows: string[][] };
}
