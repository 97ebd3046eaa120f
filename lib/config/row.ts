/** A parameter as `npm run params` and the documentation tell it. */
export interface ParameterRow {
  name: string;
  default: string;
  allowed: string;
  meaning: string;
}
