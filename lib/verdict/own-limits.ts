import type { Snapshot } from 'k6/x/sse';
import { gather } from '../measurements';

/*
 * Doubts about the instrument that its connections give: this machine ran out of something, or a time cannot be right.
 */

/** What to do when this machine has run out of what the error names. */
const remedies: Record<string, string> = {
  EMFILE: 'let this process open more files: `ulimit -n 65536` before the run, or run fewer users',
  ENFILE: 'let this machine open more files: `sysctl fs.file-max`, or run fewer users',
  EADDRNOTAVAIL:
    'every local port to this address is taken (closed connections keep theirs for a minute): widen `sysctl net.ipv4.ip_local_port_range`, give k6 more addresses with --local-ips, or find out why connections are not kept',
  ENOBUFS: 'the kernel has no room for more sockets: give the machine more memory, or run fewer users',
  ENOMEM: 'the kernel has no memory for more sockets: give the machine more memory, or run fewer users',
};

/** Those doubts as sentences. */
export function connectionDoubts({ remarks, rows }: Snapshot): string[] {
  const doubts: string[] = [];
  const limit = remarks.find(({ remark }) => remark === 'limit of this machine');
  if (limit) {
    const remedy = remedies[limit.example.split(':')[0]!] ?? 'use a larger machine or less load';
    doubts.push(
      `this machine, not the target, failed ${limit.count} request${limit.count === 1 ? '' : 's'} (${limit.example}): ${remedy}`,
    );
  }
  const { zero, count } = gather(rows, 'llm_ttft', {});
  if (zero > 0)
    doubts.push(
      `${zero} of ${count} requests have a time to first token of 0: their answers were there before they were sent, so they are answers to something else, or the clock is wrong`,
    );
  return doubts;
}
