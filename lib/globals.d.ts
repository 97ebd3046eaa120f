/* What k6 (and our bundler) put into the global scope; @types/k6 leaves these out. */
declare const __ENV: Record<string, string>;
/** Written into the bundle by esbuild.config.mjs. */
declare const __GSAI_PERF__: { version: string; commit: string };
/** The report's page without content (report/template.mjs). Written into the bundle by esbuild.config.mjs. */
declare const __REPORT_PAGE__: string;
/** Reads a file in the init context; a relative path counts from the bundled script. */
declare function open(path: string): string;
/** WebCrypto, which k6 and Node both have. */
declare const crypto: { randomUUID(): string };
declare const console: Record<'debug' | 'info' | 'log' | 'warn' | 'error', (text: string) => void>;
