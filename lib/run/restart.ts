import http from 'k6/http';
import { note, notes } from '../journal';
import type { RestartNote } from '../truth';
import type { Feature } from './test';

/**
 * When one of these phases begins, the target is stopped and started again: by a POST to RESTART_URL, which answers at
 * once, or by hand. What the hook tells of it is read after the load.
 */
export function restarting(phases: readonly string[]): Feature {
  return {
    refused({ restartUrl }) {
      if (restartUrl === undefined) return '';
      const { status, error } = http.get(restartUrl, { timeout: '5s' });
      return status === 200
        ? ''
        : `RESTART_URL=${restartUrl} cannot be used: a GET was answered with ${status || error}. npm run sampler -- --start serves such an address; leave it out to start the target anew by hand`;
    },
    phaseBegins(phase, { p: { restartUrl } }) {
      if (!phases.includes(phase)) return;
      if (restartUrl === undefined) {
        console.info(`phase ${phase}: stop the target now, as you do when you deliver it, and start it again`);
        return;
      }
      const { status, error } = http.post(restartUrl, '{}', {
        headers: { 'content-type': 'application/json' },
        timeout: '2s',
      });
      if (status !== 202) console.error(`RESTART_URL: the POST was answered with ${status || error}`);
    },
    afterwards({ p: { restartUrl } }) {
      if (restartUrl === undefined) return;
      const { status, body } = http.get(restartUrl, { timeout: '10s' });
      if (status === 200 && typeof body === 'string')
        for (const each of (JSON.parse(body) as { restarts: RestartNote[] }).restarts.slice(-phases.length))
          note('restart', each);
    },
    observe(evidence) {
      evidence.restarts = notes('restart').kept;
    },
  };
}
