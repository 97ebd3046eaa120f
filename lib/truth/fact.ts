/** One fact of the environment. What is compared by its number may differ by this share without being told. */
export interface Fact {
  name: string;
  value: string;
  /** Where it differs: does it change timings? */
  changesTimings: boolean;
  /** The value as a number, with the share and the amount by which two runs on one machine may differ. */
  number?: number;
  may?: { share: number; amount: number };
}

/** What a record of an earlier run says of the environment: value by name. */
export type EnvironmentRecord = Readonly<Record<string, string>>;
