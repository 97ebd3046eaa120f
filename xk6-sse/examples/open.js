// Reads a stream of events with a handler in JavaScript, as scripts for phymbert's xk6-sse do.
// k6 run examples/open.js -e BASE_URL=http://127.0.0.1:8080/api/v1 -e API_KEY=... -e MODEL=...
import { check } from 'k6';
import { open } from 'k6/x/sse';

export default function () {
  const params = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${__ENV.API_KEY}` },
    body: JSON.stringify({
      model: __ENV.MODEL,
      stream: true,
      messages: [{ role: 'user', content: 'Count to ten.' }],
    }),
  };
  let done = false;
  const { status } = open(`${__ENV.BASE_URL}/chat/completions`, params, (client) => {
    client.on('event', ({ data }) => {
      if (data === '[DONE]') done = true;
      else console.log(JSON.parse(data).choices[0]?.delta.content ?? '');
    });
    client.on('error', (error) => console.error(error.error()));
  });
  check(status, { 'status 200': (code) => code === 200, 'ended with [DONE]': () => done });
}
