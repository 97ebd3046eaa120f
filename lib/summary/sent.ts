import type { RunRecord } from './run-record';
import { rounded } from './words';

/** What was run, in sentences: not what the plan says at full scale. */
export function sentOf(
  run: Pick<RunRecord, 'counts' | 'duration_s' | 'phases' | 'environment' | 'started_at' | 'run_id'>,
): string[] {
  const { counts, duration_s, phases, environment, started_at } = run;
  const ran = phases.filter(({ start_s }) => start_s >= 0);
  const top = Math.max(0, ...ran.map(({ sent_rate }) => sent_rate));
  const dropped = ran.reduce((sum, phase) => sum + phase.dropped, 0);
  const rate = top > 0 ? `, up to ${rounded(top)} requests/s` : '';
  const several = ran.length > 1 ? `, in ${ran.length} phases` : '';
  const ends = [
    `${counts.finished} ended well`,
    counts.failed > 0 && `${counts.failed} failed`,
    counts.interrupted > 0 && `${counts.interrupted} were cut off by the end of the run`,
    dropped > 0 && `${dropped} more were due and could not be sent`,
  ].filter(Boolean);
  return [
    counts.started === 0
      ? 'No request of the load was sent.'
      : `${counts.started} requests in ${timeText(duration_s)}${rate}${several}: ${ends.join(', ')}.`,
    `Target: ${environment.target}${environment.proxy ? ` through the proxy ${environment.proxy.address}` : ''}. Began ${started_at.slice(0, 19).replace('T', ' ')} UTC. Run ${run.run_id}.`,
  ];
}

/** Seconds as people say them: 45 s, 12 min 30 s, 2 h 5 min. */
export function timeText(seconds: number): string {
  if (seconds < 120) return `${rounded(seconds)} s`;
  const whole = Math.round(seconds);
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return [h > 0 && `${h} h`, min > 0 && `${min} min`, h === 0 && s > 0 && `${s} s`].filter(Boolean).join(' ');
}

/** Parameters that make a run another one than the plan's row says. */
const resized = ['rate', 'duration', 'vus'] as const;

/** The plan's row; where this run was made smaller or larger than it, that is said. */
export function rowText({ row, environment: { parameters: p } }: Pick<RunRecord, 'row' | 'environment'>): string {
  const own = (name: string) => p[name] !== undefined && p[name] !== null;
  const scaled = [p.scale, p.timeScale].some((factor) => typeof factor === 'number' && factor !== 1);
  return scaled || resized.some(own) ? `${row} (at full scale; the parameters of this run change it)` : row;
}
