/** What k6 was told, of its consolidated options. */
export interface Called {
  noSetup?: boolean | null;
  noTeardown?: boolean | null;
  scenarios?: Record<string, unknown> | null;
}

/** Why a run that was called so cannot tell its verdict, and what to do; "" when it can. */
export function calledWrongly({ noSetup, noTeardown, scenarios }: Called, ours: readonly string[]): string {
  if (noTeardown)
    return '--no-teardown (or K6_NO_TEARDOWN) cannot be used: the run is judged in its teardown, so there would be no verdict. Leave it out';
  if (noSetup)
    return '--no-setup (or K6_NO_SETUP) cannot be used: the target is tried in the setup before it is loaded. Leave it out';
  const foreign = Object.keys(scenarios ?? {}).some((name) => !ours.includes(name));
  if (foreign)
    return "k6's own options of load (--vus, --duration, --iterations, --stage, -u, -d, -i, -s, or K6_VUS and so on) would replace the load of this script. Give parameters instead: -e VUS=10 -e DURATION=30s, or -e RATE=50";
  return '';
}
