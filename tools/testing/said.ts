/** What a command writes and returns. */
export interface Said {
  code: number;
  out: string;
  err: string;
}

/** Where a command writes to. */
interface Streams {
  out: (text: string) => void;
  err: (text: string) => void;
}

/** Calls a command, as its `main`, with these arguments, in this process. */
export function said(main: (args: readonly string[], streams: Streams) => number, args: readonly string[]): Said {
  const texts = { out: '', err: '' };
  const code = main(args, {
    out: (text) => {
      texts.out += text;
    },
    err: (text) => {
      texts.err += text;
    },
  });
  return { code, ...texts };
}
