/** A test that finds the flaw: its file, and its name as it stands there. */
export interface Proof {
  file: string;
  test: string;
}

/**
 * How something can be seen first: by the client alone, with the simulated provider behind the gateway, on a metrics page
 * or the process of the target, only with an operator's action, or not as a cause from outside.
 */
export type Seen = 'client' | 'provider' | 'metrics' | 'operator' | 'not';

/** One point of the plan's risk surfaces. */
export interface Point {
  /** The surface and the number of the point: E is an expected outcome, C a point of implementation. */
  id: string;
  surface: string;
  /** What may go wrong, in a few words. */
  what: string;
  seen: Seen;
  /** The script that is to find it, or its symptom; a name that is no script's is planned. */
  script: string;
  /** The figure by which it is judged, and where it comes from. */
  judged: string;
  /** Nothing counts as covered without one. */
  proof?: readonly Proof[];
  /** Of a cause that cannot be seen from outside: tests that show its symptom in the script named. */
  symptom?: readonly Proof[];
}

/** One test case of the plan's catalogue. */
export interface Case {
  id: string;
  seen: Seen;
  script: string;
  note: string;
  proof?: readonly Proof[];
  symptom?: readonly Proof[];
}
