/** What k6 was told, of its consolidated options. */
export interface Called {
  noSetup?: boolean | null;
  noTeardown?: boolean | null;
  scenarios?: Record<string, unknown> | null;
  /** Of all requests together, a second. */
  rps?: number | null;
}

/** Why a run that was called so cannot tell its verdict, and what to do; "" when it can. */
export function calledWrongly({ noSetup, noTeardown, scenarios, rps }: Called, ours: readonly string[]): string {
  if (noTeardown)
    return '--no-teardown (or K6_NO_TEARDOWN) cannot be used: the run is judged in its teardown, so there would be no verdict. Leave it out';
  if (noSetup)
    return '--no-setup (or K6_NO_SETUP) cannot be used: the target is tried in the setup before it is loaded. Leave it out';
  const foreign = Object.keys(scenarios ?? {}).some((name) => !ours.includes(name));
  if (foreign)
    return "k6's own options of load (--vus, --duration, --iterations, --stage, -u, -d, -i, -s, or K6_VUS and so on) would replace the load of this script. Give parameters instead: -e VUS=10 -e DURATION=30s, or -e RATE=50";
  if (typeof rps === 'number' && rps > 0)
    return `--rps (or K6_RPS, or the option rps) cannot be used: it would hold requests back after they are due, and what they wait would be told as the target's. Give the rate instead: -e RATE=${rps}`;
  return '';
}
