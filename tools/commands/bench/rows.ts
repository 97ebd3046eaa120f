import type { EventShape } from '../../../simulator/null/settings';
import type { Client, Group, Row } from './figures';

const streamRows = (peers: readonly Client[], own: boolean): Row[] => [
  ...[50, 200, 400].map(
    (streams): Row => ({
      id: String(streams),
      group: 'streams',
      title: `${streams} streams x 50 events/s, client on core 0, target on core 1`,
      streams,
      gap: 20,
      pinned: true,
      clients: [...(own ? (['go', 'project', 'handler'] as const) : []), ...peers],
    }),
  ),
  ...(own
    ? ([
        [800, 20],
        [2000, 50],
      ] as const)
    : []
  ).map(
    ([streams, gap]): Row => ({
      id: String(streams),
      group: 'streams',
      title: `${streams} streams x ${1000 / gap} events/s, client and target on both cores`,
      streams,
      gap,
      pinned: false,
      clients: ['go', 'project'],
    }),
  ),
];

/** What events are like in the field, and in words. */
const shapes = [
  ['before', 'a field before the content changes with each event'],
  ['after', 'fields after the content change with each event'],
  ['escapes', 'contents with escapes and letters beyond ASCII'],
  ['tools', 'arguments of a tool call'],
  ['reasoning', 'reasoning'],
  ['usage', 'the usage in each event'],
  ['choices', 'three choices in each event'],
] as const satisfies readonly (readonly [EventShape, string])[];

/** The loads of a bench. */
export function plan(only: readonly Group[], peers: boolean): Row[] {
  const extra: readonly Client[] = peers || only.includes('peers') ? ['aiperf', 'guidellm'] : [];
  const rows = [
    ...(only.includes('streams') || extra.length > 0 ? streamRows(extra, only.includes('streams')) : []),
    {
      id: 'scripts',
      group: 'scripts',
      title: '400 streams x 50 events/s by a script that people run, client on core 0, target on core 1',
      streams: 400,
      gap: 20,
      pinned: true,
      clients: ['go', 'project', 'ttft'],
    } satisfies Row,
    {
      id: 'scripts 2000',
      group: 'scripts',
      title: '2000 streams x 20 events/s by a script that people run, client and target on both cores',
      streams: 2000,
      gap: 50,
      pinned: false,
      clients: ['go', 'ttft'],
    } satisfies Row,
    ...shapes.map(
      ([shape, title]): Row => ({
        id: `shape ${shape}`,
        group: 'shapes',
        title: `400 streams x 50 events/s, ${title}, client on core 0, target on core 1`,
        streams: 400,
        gap: 20,
        shape,
        pinned: true,
        clients: ['go', 'ttft'],
      }),
    ),
    {
      id: 'flood',
      group: 'flood',
      title: 'streams of 1,000 events as fast as they come, 100 in one write, client on core 0, target on core 1',
      streams: 20,
      gap: 0,
      events: 1000,
      together: 100,
      pinned: true,
      clients: ['go', 'project'],
    } satisfies Row,
    {
      id: 'start',
      group: 'start',
      title:
        '50 streams of 5 events by 500 users: from the command to the first request of the load, the preflight in it',
      streams: 50,
      gap: 20,
      events: 5,
      users: 500,
      pinned: false,
      clients: ['ttft'],
    } satisfies Row,
    {
      id: 'held',
      group: 'held',
      title: '10000 streams x 1 event/s, client and target on both cores',
      streams: 10_000,
      gap: 1000,
      events: 20,
      pinned: false,
      clients: ['project'],
    } satisfies Row,
    {
      id: 'bursts',
      group: 'bursts',
      title: '400 streams x 50 events/s in bursts of 50, client on core 0, target on core 1',
      streams: 400,
      gap: 20,
      burst: 50,
      pinned: true,
      clients: ['go', 'project'],
    } satisfies Row,
    ...(['HTTP/1.1', 'HTTP/2'] as const).map(
      (over): Row => ({
        id: over === 'HTTP/2' ? 'http2' : 'tls',
        group: over === 'HTTP/2' ? 'http2' : 'tls',
        title: `200 streams x 50 events/s over TLS with ${over}, client on core 0, target on core 1`,
        streams: 200,
        gap: 20,
        over,
        pinned: true,
        clients: ['go', 'project'],
      }),
    ),
    {
      id: 'closed',
      group: 'closed',
      title: '200 users without pause, streams of 50 events/s, client on core 0, target on core 1',
      streams: 200,
      gap: 20,
      closed: true,
      pinned: true,
      clients: ['project', 'handler'],
    } satisfies Row,
    {
      id: 'embeddings',
      group: 'embeddings',
      title: 'embeddings of one text, 20 users without pause, client on core 0, target on core 1',
      streams: 20,
      gap: 20,
      pinned: true,
      clients: ['http-post', 'project'],
    } satisfies Row,
    {
      id: 'influx',
      group: 'influx',
      title:
        '200 streams x 50 events/s without InfluxDB and with every sample sent to it, client on core 0, target and InfluxDB on core 1',
      streams: 200,
      gap: 20,
      pinned: true,
      clients: ['project', 'influx'],
    } satisfies Row,
    {
      id: 'requests',
      group: 'requests',
      title:
        'short streams, 100 of 5 events at a time, without and with a line a request (REQUESTS=all), client on core 0, target on core 1',
      streams: 100,
      gap: 20,
      events: 5,
      pinned: true,
      clients: ['project', 'requests'],
    } satisfies Row,
  ];
  return rows.filter((row) => only.includes(row.group) || (row.group === 'streams' && extra.length > 0));
}
