/** The options by which a user chooses where a program listens, as `--port`; without them none can be named. */
export interface ListenOptions {
  readonly port?: string;
  readonly host?: string;
  /** What else the user can do when the port is taken: a whole sentence. */
  readonly taken?: string;
  /** What else the user can do when the port needs an administrator's rights: a whole sentence. */
  readonly denied?: string;
}

/**
 * The sentence for the user when a program cannot listen at `host:port`: why, and what to do, by the options that this
 * program has. `error` is what `server.listen()` ended with.
 */
export function cannotListen(
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
  options: ListenOptions = {},
): string {
  const at = `Cannot listen on ${host.includes(':') ? `[${host}]` : host}:${port}`;
  const another = (which: string) =>
    options.port === undefined ? '' : ` Choose ${which} with ${options.port} N; 0 takes any free one.`;
  const also = (sentence: string | undefined) => (sentence === undefined ? '' : ` ${sentence}`);
  switch (error.code) {
    case 'EADDRINUSE':
      return `${at}: the port is already in use by another program.${another('another port')}${also(options.taken)}`;
    case 'EACCES':
    case 'EPERM':
      return (
        `${at}: this user may not listen on this port. Ports below 1024 need an administrator's rights on most systems.` +
        `${another('a port from 1024 on')}${also(options.denied)} On Linux an administrator can allow it until the next start ` +
        `of the machine: sudo sysctl net.ipv4.ip_unprivileged_port_start=${port}`
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return (
        `${at}: this machine does not have the address ${host}.` +
        (options.host === undefined
          ? ''
          : ` Give one that it has with ${options.host}: 127.0.0.1 for programs of this machine, 0.0.0.0 for all.`)
      );
    default:
      return `${at}: ${error.message}.`;
  }
}
