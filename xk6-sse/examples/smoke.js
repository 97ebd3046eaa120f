// Needs no server: shows that k6 has the extension, and that a refused connection reaches the handler of errors.
// k6 run examples/smoke.js
import { check } from 'k6';
import { open } from 'k6/x/sse';

export const options = { thresholds: { checks: ['rate==1'] } };

export default function () {
  const errors = [];
  open('http://127.0.0.1:1/', { method: 'GET' }, (client) => client.on('error', (error) => errors.push(error)));
  check(errors, { 'the refused connection is told once': ({ length }) => length === 1 });
}
