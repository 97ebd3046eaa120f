/**
 * `k6/x/sse`: server-sent events in k6, read and timed in Go.
 *
 * Two halves:
 * - `open()` is call-compatible with phymbert's xk6-sse, so scripts written for it run unchanged.
 * - everything else measures: `serve()` plays users who send what the schedule asks for, `stream()` performs
 *   one request without a schedule, `settle()` books what was measured, `snapshot()` tells what was counted.
 *
 * This file is the extension's documentation; a test holds it against what the module exports.
 * All durations are milliseconds (floating point) unless a name says otherwise.
 */
declare module 'k6/x/sse' {
  // ------------------------------------------------------------------------------------------------
  // xk6-sse's calls
  // ------------------------------------------------------------------------------------------------

  /** Parameters of `open()`, as in xk6-sse. */
  export interface OpenParams {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    tags?: Record<string, string>;
    jar?: unknown;
    /** Total time-out: a k6 duration string ("30s") or milliseconds. */
    timeout?: string | number;
  }

  /** One event. `comment` holds the text of a comment line. */
  export interface Event {
    id: string;
    name: string;
    data: string;
    comment: string;
  }

  export interface OpenError {
    /** The failure in words. */
    error(): string;
  }

  export interface Client {
    on(event: 'open', handler: () => void): void;
    on(event: 'event', handler: (event: Event) => void): void;
    on(event: 'error', handler: (error: OpenError) => void): void;
    close(): void;
  }

  export interface Response {
    url: string;
    status: number;
    headers: Record<string, string>;
    error: string;
  }

  // xk6-sse has a default export: `import sse from 'k6/x/sse'` gives an object with all the calls of this module too.

  /** Opens an SSE stream and blocks until it ends or `client.close()` is called. */
  export function open(url: string, params: OpenParams, setup: (client: Client) => void): Response;
  export function open(url: string, setup: (client: Client) => void): Response;

  // ------------------------------------------------------------------------------------------------
  // Init context
  // ------------------------------------------------------------------------------------------------

  /** One row of the metrics table in `lib/metrics/`. */
  export interface MetricDef {
    name: string;
    type: 'trend' | 'rate' | 'counter' | 'gauge';
    /** The Trend holds milliseconds (k6's `isTime`). */
    time?: boolean;
    /** Filled in Go from the gaps between content-bearing events of the settled stream, not by `settle()`'s values. */
    gaps?: boolean;
    /** Kept per slot of the timeline too. */
    timeline?: boolean;
    /** Its rows keep `batches`. */
    batches?: boolean;
    /**
     * Filled by `settle()` from what was measured; measure.go has each formula. A duration that did not happen gives no
     * value, never 0 or Infinity, and of a request that did not end ok there are `connect`, `queue`, `failed` and
     * `ended` alone. `goodput`: 1 for a request that ended ok and kept to all its `limits`, else 0.
     */
    measured?:
      | 'connect'
      | 'queue'
      | 'failed'
      | 'ended'
      | 'goodput'
      | 'ttfb'
      | 'firstChunk'
      | 'ttft'
      | 'ttftConnect'
      | 'ttfo'
      | 'e2e'
      | 'e2eScheduled'
      | 'ttftScheduled'
      | 'promptTokens'
      | 'completionTokens'
      | 'reasoningTokens'
      | 'cachedTokens'
      | 'tokensPerChunk'
      | 'tpot'
      | 'tokensPerSecond'
      | 'counted';
    /**
     * A counter that counts itself: +1 with `stream()`'s tags when a request is started, or when the test's end cut it
     * off (no JavaScript runs any more then).
     */
    on?: 'start' | 'interrupted';
    /**
     * Pushed in Go twice a second while the load runs, tagged `phase`, for who watches the run: the schedule's rate per
     * second at that time (none in a closed model), the requests in flight, or this process' share of all CPUs over the
     * last second, 0 to 1 (from the second second on). Not part of `snapshot()`.
     */
    pulse?: 'wantedRate' | 'inFlight' | 'cpu';
    /**
     * How many values below (strictly) each bound are counted exactly, beside the histogram: the objectives' limits.
     */
    bounds?: number[];
  }

  /** A piece of the schedule: the arrival rate goes in a straight line from `from` to `to` per second. */
  export interface Segment {
    phase: string;
    from: number;
    to: number;
    seconds: number;
  }

  export interface ScheduleDef {
    /** `closed`: each user sends its next request at once, until the schedule's end; segments' rates are not looked at. */
    arrivals: 'constant' | 'poisson' | 'gamma' | 'markov' | 'daily' | 'trace' | 'closed';
    /** Of gamma arrivals: 1 is Poisson, less is burstier (the distances vary by 1/sqrt(shape)). Default 1. */
    shape?: number;
    /**
     * Of markov arrivals: bursts of `factor` times the mean rate, `seconds` long on average, for a `share` of the time.
     * Factor times share is below 1; the calm has what is left.
     */
    markov?: { factor: number; seconds: number; share: number };
    /** Of daily arrivals: weights of equal parts of the whole schedule; the rate goes straight from one to the next. */
    day?: number[];
    /** Seed of the arrivals that are drawn. */
    seed: number;
    /** Constant arrivals in groups of so many at the same instant, at the same mean rate. */
    burst?: number;
    segments: Segment[];
    /**
     * Phases that hold so many requests in flight, with the number: their segment has the rate 0. Whoever is free sends
     * at once while fewer than that are under way, those of the phase before among them. A place is filled again at
     * once, and after a request that failed no sooner than 250 ms after it was due, so that a target that refuses at
     * once is not flooded. Not with `closed` arrivals.
     */
    inFlight?: Record<string, number>;
  }

  export interface Config {
    metrics: MetricDef[];
    schedule?: ScheduleDef;
    /** Width of a timeline slot, seconds. */
    slotSeconds: number;
    /**
     * Keeps k6 from keeping every value of a Trend (these metrics, and k6's own of requests and iterations): its memory
     * does not grow with the run then, and k6's own thresholds on Trends, and their values in handleSummary(), are not
     * to be had.
     */
    boundTrends?: boolean;
    /**
     * At most so many gaps of one stream become k6 samples of the `gaps` Trend, drawn without bias. The histogram gets
     * all.
     */
    gapSamples: number;
    bounds?: Bounds;
    /**
     * Every so many seconds of the load one line of k6's log says how it goes: the phase, the time left, the rate wanted and
     * reached, what is in flight, the time to first token so far, tokens per second, failures. None when left out.
     */
    progressSeconds?: number;
    /** How requests with `authenticated` are authenticated. */
    credentials?: Credentials;
    /** Certificates of authorities, in PEM, that are trusted beside the system's. */
    ca?: string;
    route?: RouteDef;
    /**
     * The header by which an answer says that a cache of the target's gave it, and the word that its value holds then
     * (none: any value): such answers have the remark 'answered by a cache'.
     */
    cacheHit?: { header: string; value?: string };
  }

  /** What is made of a trace before it is replayed. */
  export interface TraceScale {
    /** Of its length: 0.1 replays an hour in six minutes. Default 1. */
    time?: number;
    /** Of its requests: below 1 some are left out, above 1 some are sent more than once. Default 1. */
    rate?: number;
    /** In place of `rate`: the mean rate that is wanted, per second. */
    perSec?: number;
    /** It is cut after so many seconds, counted after `time`. */
    seconds?: number;
    seed?: number;
  }

  /**
   * Opens a trace for all VUs: when requests came to a real service, and how long their prompts and answers were. CSV with
   * a head, or a JSON object each line, in the layouts of the public traces of Azure, Mooncake and BurstGPT, or with
   * time (seconds), input_tokens, output_tokens and session. The schedule's arrivals are then `trace`, with one segment of
   * the rate count / seconds. In the init context; throws what is wrong with the file, with the number of the line.
   */
  export function openTrace(path: string, scale?: TraceScale): { count: number; seconds: number; peak: number };

  /** A request of the trace by its number: tokens (0: not told), and the number of its session (0: none). */
  export function traceAt(index: number): { input: number; output: number; session: number };

  /** By which way targets are reached. */
  export interface RouteDef {
    /**
     * The proxy of all requests, with its login: http://, https:// (HTTP over TLS to the proxy) or socks5://. "none": no
     * proxy. Left out: what HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment say, as for k6's own requests.
     */
    proxy?: string;
    /** Path of the unix socket on which `origin` (scheme://host:port, as in the URLs of requests) listens. */
    socket?: string;
    origin?: string;
  }

  /**
   * Proof that changes while a load runs. A token comes from one of `file` (read again every second), `command` (run
   * without a shell) and `oauth` (client credentials grant, RFC 6749, 4.4). It is one for all VUs, and the next one is
   * there before it ends; a request that has to wait for one waits before its time begins. A file or a command gives the
   * token alone, or JSON with access_token and expires_in.
   */
  export interface Credentials {
    /** The header that a token is sent in, and what stands before it: "Authorization", "Bearer ". */
    header?: string;
    prefix?: string;
    file?: string;
    command?: string[];
    /** Seconds between two runs of the command, where it does not say when its token ends. */
    every?: number;
    oauth?: { url: string; id: string; secret: string; scopes?: string[]; audience?: string };
    /**
     * Signs each request for AWS (Signature Version 4). Without keys, file or command gives them as
     * `aws configure export-credentials` writes them.
     */
    sigv4?: { region: string; service: string; accessKeyId?: string; secretAccessKey?: string; sessionToken?: string };
  }

  /** What became of the tokens: how many were fetched, and how many requests waited for one, at most so long (ms). */
  export interface TokensView {
    fetched: number;
    failed: number;
    /** Why the last one that failed did. */
    error: string;
    waits: number;
    longest: number;
  }

  /**
   * What answers can make this process hold, so that none can end it. An answer beyond a bound is `malformed`, and its
   * error names the bound, its value and the parameter that changes it. Sizes are MiB; what is left out has its default.
   */
  export interface Bounds {
    /** One event, or one line, of a stream. Default 16. */
    event?: number;
    /** One answer that is no stream. Default 64. */
    document?: number;
    /** What one answer in gzip unpacks to. Default 64. */
    unpacked?: number;
    /** Events with content in one stream. Default 1,000,000. */
    contents?: number;
    /** All answers in hand together, beside some 64 KiB that each may always hold. Default 96. */
    memory?: number;
  }

  /**
   * Registers the metrics with k6 and sets the schedule. Init context only; each VU calls it with the same value, the
   * first counts. Of functions that make it only the first is called, so that the other VUs spare the work.
   */
  export function configure(config: Config | (() => Config)): void;

  /**
   * Makes secrets known beside those that are found without it: what requests send in headers as Authorization or
   * x-api-key, what this process was told in its arguments and environment (API_KEY=..., passwords in addresses). They
   * are replaced by *** in everything that comes from a target, in k6's log, and by clean(): also parts of eight
   * characters, in base64, hexadecimal, and with the escapes of URLs, JSON and HTML. What looks like a key is replaced
   * too (Bearer ..., sk-..., AKIA..., JSON Web Tokens, and so on).
   */
  export function conceal(secrets: string[]): void;

  /** How an address is reached. */
  export interface Route {
    /** The proxy without its login; "" for none. */
    proxy: string;
    /** The proxy is told a login. */
    login: boolean;
    /** Who named the proxy; "" for none. */
    from: '' | 'PROXY' | 'environment';
    /** What is wrong with the environment, in a sentence; "" for nothing. */
    error: string;
  }

  /** How an address is reached, after configure(). */
  export function route(url: string): Route;

  /** Has the requests of k6/http go the way of this module's: in this VU, from here on. */
  export function routeHttp(): void;

  /**
   * Text without secrets, as one line: control characters, ANSI sequences and bidirectional overrides are question marks,
   * line breaks are spaces. What this module hands out of an answer is clean already, but for line breaks in `body` and
   * `text`; what a script takes out of JSON is not, since escapes are undone there.
   */
  export function clean(text: string): string;

  /**
   * Ends the run before its first request with exit code 104 (bad configuration) and `sentence` alone on stderr: no
   * stack trace. It ends the process there and then, whatever k6's command was (run, inspect, archive).
   * Init context only.
   */
  export function refuse(sentence: string): never;

  /**
   * Looks a file of prompts through, once for all VUs, and returns how many there are: JSONL, each line a text or an object
   * with `messages`, `prompt`, `text` or (ShareGPT's) `conversations`; or a CSV (by its name's end) with a column `prompt`.
   * A record may have `system`, `image`, `file` (data URIs or addresses) and `max_tokens` too. `columns`: what the file calls
   * them, by our names. `texts`: it holds texts to embed, in `text`, `prompt` or `input`; one such file may be open beside
   * that of prompts. What is held of it is 8 bytes a prompt. Throws a sentence that names the line that is wrong. Init
   * context only.
   */
  export function openPrompts(path: string, columns?: Record<string, string>, texts?: boolean): number;

  /** One of the prompts (or texts) as JSON by our names, read from the file; from 0. */
  export function promptAt(index: number, texts?: boolean): string;

  /** Where the records of a file of data are, and what of each is kept: names of members. */
  export interface StoredForm {
    /** Holds the list of records; the file is the list when left out. */
    list?: string;
    /** Its value names the record's group; all are of the group '' when left out. */
    by?: string;
    /** Is kept, as JSON and as it stands; the whole record when left out. */
    value?: string;
    /** What stands before and behind it in a body. */
    before?: string;
    behind?: string;
    /** A number, kept beside. */
    number?: string;
  }

  /** The texts of a group: their numbers follow each other. */
  export interface StoredGroup {
    from: number;
    count: number;
  }

  /**
   * Keeps the records of a JSON file in Go, once for all VUs, and returns their groups by name. Only the first VU that names
   * the file reads it. A request names its text by number (see {@link Request}), so the text is never one of JavaScript's.
   * Throws a sentence where the file is none. Init context only.
   */
  export function store(name: string, read: () => string | ArrayBuffer, form?: StoredForm): Record<string, StoredGroup>;

  /** A stored text as it stands in a body, by its number. */
  export function storedText(number: number): string;

  /** The number beside a stored text; 0 where none was kept. */
  export function storedNumber(number: number): number;

  // ------------------------------------------------------------------------------------------------
  // The schedule
  // ------------------------------------------------------------------------------------------------

  /** One arrival of the schedule. */
  export interface Arrival {
    /** 0, 1, 2 ... in order of the scheduled time. */
    index: number;
    phase: string;
    /** When it should have been sent, ms since the schedule's start. */
    scheduled: number;
    /** How late `ask` was called against `scheduled`, ms. */
    late: number;
  }

  /** What prepare() gave. It holds for the VU that called it. */
  export interface Prepared {
    readonly __prepared: unique symbol;
  }

  /** Reads what many requests have in common, once: each then costs a fraction. Not in the init context. */
  export function prepare(url: string, params: Omit<StreamParams, 'body'>): Prepared;

  /** What a script wants sent for an arrival; it may carry more, which `answered` of serve() gets back. */
  export interface Request {
    prepared: Prepared;
    /** The body, or its beginning where `stored` is given. */
    body?: string;
    /** The number of a stored text (see {@link store}) that follows in the body. */
    stored?: number;
    /** So many of its group from there on, with commas between them: behind the group's last comes its first. 1 when left out. */
    many?: number;
    /** What stands in the body behind it. */
    behind?: string;
    /** Of this request alone, beside those that were prepared. */
    headers?: Record<string, string>;
  }

  /**
   * The load of this VU: plays `users` users until the schedule has ended or the test stops. Each waits for its
   * arrival, has `ask` make the request, performs it (as stream() does), and hands the record to `answered`, which
   * settles it. The requests run side by side in Go; the two functions run one at a time in this VU, so they should be
   * short. What they throw is counted as a script error. A user costs a goroutine and its buffers, a VU a JavaScript
   * world of its own, which is many times that.
   *
   * `ask` is told which of this VU's users asks, from 0. What `answered` returns is for how long that user rests before
   * its next arrival, ms (until the schedule's end at the latest): with arrivals `closed`, the time that it thinks.
   *
   * The first call of any VU starts the schedule. When all users of all VUs were busy at the due time, the arrival is
   * handed out late; one that is still waiting when its phase ends is dropped and counted (k6's `dropped_iterations`
   * too).
   *
   * `begins` is called once for each phase, when it begins and before its first request. The schedule stands still for as
   * long as it takes: the phase and those after it begin that much later, and nobody is late.
   */
  export function serve<R extends Request>(
    users: number,
    ask: (arrival: Arrival, user: number) => R,
    answered: (record: StreamRecord, request: R) => number | undefined,
    begins?: (phase: string) => void,
  ): void;

  /**
   * When the first `limit` arrivals were to be sent, ms since the schedule's start, as it was laid out (a jump is not
   * in it), and whether there are more.
   */
  export function planned(limit: number): { due: number[]; more: boolean };

  /** Ends the running phases at once and goes on with `phase` from now. Only the first call for a phase acts. */
  export function jump(phase: string): void;

  /**
   * Sets the rate of a phase that has not begun, per second, over its whole length: for `begins` of serve(), where what
   * came before says what is to be tried next.
   */
  export function setRate(phase: string, rate: number): void;

  // ------------------------------------------------------------------------------------------------
  // Measuring
  // ------------------------------------------------------------------------------------------------

  /**
   * Where things are in an event's JSON: gjson paths (as in k6's `res.json(selector)`), first match wins.
   * A match that is null, "" or an empty array or object does not count.
   *
   * `content` and `reasoning` may lead to a string, or to parts (an array of strings and objects) of which those with
   * text count; a part whose type says that it is thinking is reasoning wherever it stands. Numbers of tokens are taken
   * where they are finite, from 0 to 1e9; a 0 does not replace a number that came before.
   */
  export interface Paths {
    content: string[];
    reasoning: string[];
    toolCalls: string[];
    finish: string[];
    promptTokens: string[];
    completionTokens: string[];
    /** Output that is no text: audio, images. Whatever string is in there counts. */
    media?: string[];
    /** All tokens of the request: tells whether reasoning is counted among the completion's tokens or beside them. */
    totalTokens?: string[];
    /** Output tokens that were reasoning, and prompt tokens that came from a cache. */
    reasoningTokens?: string[];
    cachedTokens?: string[];
    /** Tokens of the prompt that `promptTokens` does not count: those of a cache, on Anthropic's wire. All of them are added. */
    besidePromptTokens?: string[];
    /** An event in which one of these is found ends the answer for who reads it, as `done` does. */
    over?: string[];
    /** Words (of any case) in a finish reason that say that the provider failed: such a stream is `stream_error`. */
    failedFinish?: string[];
    /**
     * An error event. Its text is kept in `error`. `false`, 0 and what holds nothing else are no error. An event whose
     * name says that it is an error (`event: error`) is one without this.
     */
    error: string[];
    /** Data that is not JSON and means the orderly end: "[DONE]". */
    done: string;
  }

  export interface StreamParams {
    /** Default POST. */
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    /** k6 tags of the samples and of the count `started`: a bounded set of values, never ids. */
    tags?: Record<string, string>;
    /** `stream`: an SSE stream is wanted. `json`: one JSON document. */
    expect: 'stream' | 'json';
    /** Needed for `expect: 'stream'`; for `json` the token paths are read from the document if given. */
    paths?: Paths;
    /**
     * `first`: until the first body byte, and in a stream from then until the first content. `idle`: between bytes, and
     * in a stream between content (comments and empty events do not help who waits). `total`: the whole. After [DONE],
     * or an error event, a response may stay open for 2 s more; then it is closed and told in `remarks`.
     */
    timeouts: { first: number; idle: number; total: number };
    /**
     * For `json`: a gjson path whose number is returned as `counted` ("data.#": how many elements), whatever the body's
     * size.
     */
    count?: string;
    /** For a stream: what it says of tool calls is kept, for `toolCalls`. */
    tools?: boolean;
    /** For `json`: an answer in which `paths` find no output is `empty`. */
    output?: boolean;
    /**
     * For `json`: the vectors of an answer to a request for embeddings are looked at, and told as `vectors`; the number is
     * the place of the one whose hash is wanted, from 0.
     */
    vectors?: number;
    /** What `counted` must be: an answer with another number is `malformed`. */
    counted?: number;
    /**
     * For a request that is to be refused: an answer with one of these statuses is `ok` when it came whole, and its
     * `e2e` is its last byte. Of any other answer the error says what was wanted; one with a status below 400 is
     * `malformed`.
     */
    expectStatus?: number[];
    /**
     * What this request's values must keep to, for the metric with `measured: 'goodput'`. A metric without a value is
     * no failure.
     */
    limits?: { metric: string; below?: number; atLeast?: number }[];
    /** Hang up after so many content-bearing events, or so many ms after sending. */
    cancelAfter?: { events?: number; ms?: number };
    /** A probe of the preflight: measured and returned, but neither counted nor booked. */
    probe?: boolean;
    /**
     * On a new connection, which is closed afterwards: those that the load has open are neither used nor added to. It
     * leaves no sample of k6's own (http_reqs and so on): for what is asked beside the load.
     */
    apart?: boolean;
    /** Authenticated as `credentials` of configure() say. */
    authenticated?: boolean;
  }

  export type Outcome =
    | 'ok'
    | 'http_4xx'
    | 'http_429'
    | 'http_5xx'
    | 'connect'
    | 'timeout_first'
    | 'timeout_idle'
    | 'timeout_total'
    | 'truncated'
    | 'empty'
    | 'stream_error'
    | 'reset'
    | 'malformed'
    | 'cancelled'
    | 'interrupted';

  /** What is told of an answer beside its outcome. */
  export type Remark =
    /** The stream ended with an event that no blank line closed: it counts, as clients in the field take it. */
    | 'last event without its blank line'
    /** The stream ended in the middle of an event. */
    | 'last event cut off'
    /** A good stream whose content type is another one, or none. */
    | 'wrong content type'
    /** After [DONE], or an error event, the response did not end: it was closed after 2 s. */
    | 'response left open'
    /** Events came behind [DONE], where clients have stopped reading: they are not counted, but their usage and errors. */
    | 'events after the end'
    /** A number of tokens that is none (negative, too large, not a number): it is left out. */
    | 'malformed usage'
    /** The usage counts output that the stream did not show: it is left out of tokens per second, or there is none. */
    | 'tokens that were not streamed'
    /** `Bounds.memory` was reached: a limit of this process, not of the target. */
    | 'memory for answers used up'
    /** No token could be had for the request, so it was never sent: the authorization's fault, not the target's. */
    | 'no token to send'
    /** The target refused the token (401), and the next one could not be had: the authorization's fault, not the target's. */
    | 'refused with an old token'
    /** The proxy could not be reached, refused the request, or broke off: it did not reach the target. */
    | 'refused by the proxy'
    /**
     * The request went out a second time, on a new connection: the kept one had been closed, or HTTP/2 said so (GOAWAY,
     * REFUSED_STREAM), before any of it could have been read. Its times count from the first sending. A request that may
     * have been read is never sent again: it is `reset`.
     */
    | 'request sent again'
    /** On the kept connection lay bytes that no request had asked for. It was dropped, and another one taken. */
    | 'bytes on an idle connection'
    /** The target's name has several addresses, and another than the first that was tried was connected to. */
    | 'address that did not answer'
    /** No connection, or a broken one, for want of something of this machine's: the example has the error's name. */
    | 'limit of this machine'
    /** By its header (`cacheHit` of configure()) a cache of the target's gave it: its times are not a model's. */
    | 'answered by a cache';

  /** A remark: of how many requests, and the particulars of one. */
  export interface Told {
    remark: Remark;
    count: number;
    example: string;
  }

  /** What the target said of requests that failed. All texts are one line, without keys and control characters. */
  export interface Failures {
    /** Of each outcome the most frequent different texts, at most eight. */
    samples: FailureSample[];
    /** Failed requests whose text is not among the samples. */
    unlisted: number;
    /** Headers of failed requests that tell of limits: Retry-After, and those with ratelimit or rate-limit in their name. */
    limits: LimitHeader[];
    /** Absent when no failed answer said how long to wait. */
    holds?: Holds;
  }

  /** A text, with all failed requests that were told the same but for numbers and ids in it. */
  export interface FailureSample {
    outcome: Outcome;
    /** 0 without an answer. */
    status: number;
    /** What the first was told: by the target where it answered with an error, else by this module. */
    text: string;
    /** What is the same in all of them: requests of several runners are told the same if this is the same. */
    form: string;
    count: number;
    /** When the first and the last ended, ms since the schedule's start. */
    first: number;
    last: number;
    /** Headers that name requests (x-request-id and its like), of the first requests and of the last: six at most. */
    ids: { header: string; value: string }[];
    /** How many had which kind, model and agency: twelve at most. */
    groups: { tags: Record<string, string>; count: number }[];
  }

  export interface LimitHeader {
    /** In lower case. */
    header: string;
    count: number;
    first: string;
    last: string;
  }

  /** Answers that said how long to wait (Retry-After, retry-after-ms). */
  export interface Holds {
    count: number;
    /** The shortest and the longest wait, seconds. */
    least: number;
    most: number;
    /** When the first and the last came, ms since the schedule's start. */
    first: number;
    last: number;
    /** What the waits cover together, ms. */
    held: number;
  }

  /** What the vectors of an answer are. */
  export interface Vectors {
    count: number;
    /** Of the first one. */
    length: number;
    /** Vectors of another length, with a number that is not finite, and whose index is not their place. */
    uneven: number;
    notFinite: number;
    outOfOrder: number;
    /** Of the one that was asked for, as it is written: equal texts are to have equal ones. "0" without it. */
    hash: string;
  }

  /** What one request was. Offsets and durations count from the moment the request was sent (after connecting). */
  export interface StreamRecord {
    url: string;
    status: number;
    /** Header names in lower case. */
    headers: Record<string, string>;
    /** The body of an answer that is not a stream (errors too), at most 1 MiB; "" for a stream. */
    body: string;
    outcome: Outcome;
    /** The failure in words, "" when there was none. Never holds a header. */
    error: string;
    /** TCP + TLS set-up, 0 on a reused connection. */
    connect: number;
    reused: boolean;
    /**
     * 'HTTP/1.1', 'HTTP/1.0' or 'HTTP/2.0', "" without an answer. HTTP/1.1 is what is asked for; HTTP/2 is spoken when
     * a server's TLS refuses that (or K6_SSE_HTTP2=1 is in the environment, for https), one request at a time on a
     * connection. A stream over HTTP/2 or in gzip is stamped when it is read, not by the kernel.
     */
    protocol: string;
    /** ms since the schedule's start when the request was sent; -1 without a schedule. */
    sent: number;
    /**
     * When the request was sent on CLOCK_MONOTONIC, ns: the clock of every program on this machine, so of the
     * simulator's truth too. -1 when it never was, and on systems other than Linux.
     */
    sentAt: number;
    /** How late the request was sent against its arrival, 0 without one. */
    queue: number;
    /** First body byte; -1 when none came. The same for the others. */
    ttfb: number;
    firstChunk: number;
    /** First event with non-empty content, reasoning or tool-call delta. */
    ttft: number;
    /** First event with non-empty content that is not reasoning. */
    ttfo: number;
    /** Last content-bearing event; for `json` the last body byte. */
    e2e: number;
    /** When reading ended. */
    end: number;
    /** Arrival offsets of the content-bearing events. */
    offsets: number[];
    /** All data events. */
    events: number;
    contentEvents: number;
    /** Reads that brought at least one content-bearing event: contentEvents / reads is events_per_read. */
    reads: number;
    /** The content, put together (at most 1 MiB). */
    text: string;
    /**
     * With the parameter `tools`: what each event says of tool calls, a JSON list of what was found at the paths
     * `toolCalls` (32 KiB in all).
     */
    toolCalls: string[];
    finish: string;
    /** From the server's usage; -1 when it gave none. */
    promptTokens: number;
    /** With the reasoning, also where the server counts that apart. */
    completionTokens: number;
    /** Of the completion's tokens: reasoning. Of the prompt's: from a cache. -1 when the usage does not say. */
    reasoningTokens: number;
    cachedTokens: number;
    /** What the `count` path held; -1 without one. */
    counted: number;
    /** Null without the parameter `vectors`. */
    vectors: Vectors | null;
    /** `data: [DONE]` was seen. */
    done: boolean;
    bytes: number;
    remarks: Remark[];
    /**
     * Books this request: counts it under its outcome and puts what was measured (metrics with `measured`), and
     * `values` (metric name -> value or values), into histograms and k6 samples, under the request's tags and the tag
     * `outcome`. Exactly once for each request that is no probe; a request that was never settled is counted as lost.
     * Values that are not finite are left out and counted in `snapshot().refusedValues`.
     */
    settle(values?: Record<string, number | number[]>): void;
  }

  /**
   * Performs one request and reads its answer in Go. Blocks the VU; calls no JavaScript. Never throws for what the
   * target does.
   */
  export function stream(url: string, params: StreamParams): StreamRecord;

  /**
   * Pushes samples of configured metrics without a request (used in teardown). Values that are not finite are left out.
   */
  export function push(tags: Record<string, string>, values: Record<string, number>): void;

  /**
   * Puts values into the histograms of configured metrics without a request: for what is only known after the load.
   * They become k6 samples of the time `at` (ms on the schedule's scale), of a list no more than `gapSamples`, drawn
   * without bias.
   */
  export function tally(tags: Record<string, string>, values: Record<string, number | number[]>, at: number): void;

  // ------------------------------------------------------------------------------------------------
  // What was counted: shared by all VUs, readable in teardown() and handleSummary()
  // ------------------------------------------------------------------------------------------------

  /**
   * Log-bucket histogram: bucket i holds values in (gamma^(i-1), gamma^i], gamma = (1 + e) / (1 - e) with e the
   * relative error; a bucket stands for 2 * gamma^i / (gamma + 1). `zero` counts values <= 1e-6. Mergeable by adding
   * counts. (The mapping is that of DDSketch, Masson et al., VLDB 2019.)
   */
  export interface Histogram {
    gamma: number;
    count: number;
    sum: number;
    min: number;
    max: number;
    zero: number;
    /** Pairs bucket index, count, in ascending order: [i0, n0, i1, n1, ...]. */
    buckets: number[];
    /** bound -> number of values strictly below it, counted exactly. */
    below: Record<string, number>;
  }

  /** One tag set's values of a metric. Of what is no trend, the histogram has `count` and `sum`, and no buckets. */
  export interface Row {
    metric: string;
    tags: Record<string, string>;
    histogram: Histogram;
    /** Of a metric with `batches`, where a value had a time: those of `push()` have none. */
    batches?: Batches;
  }

  /**
   * Values in equal stretches of time, in time order, for intervals that hold under dependence: by when the request was
   * due (sent, where nothing was due; the time given to `tally()`). At most 64 stretches a row: they start at 1 s and
   * double, aligned to multiples of their width, so that rows can be merged.
   */
  export interface Batches {
    /** Width of a stretch, ms: 1000 * 2^k. */
    width: number;
    /** The first stretch begins at first * width after the schedule's start. */
    first: number;
    /** Values in each stretch, and their sum. A stretch without values is there too, with 0. */
    count: number[];
    sum: number[];
    /** bound -> values strictly below it in each stretch, exactly. Empty for what is no trend. */
    below: Record<string, number[]>;
    /**
     * For each stretch: pairs of coarse bucket and count, as in `Histogram.buckets`; coarse bucket = ceil(bucket / 16) of
     * the histogram's buckets (about 8 % wide). Values <= 1e-6 are in none.
     */
    buckets: number[][];
  }

  export interface OutcomeRow {
    tags: Record<string, string>;
    outcome: Outcome;
    count: number;
  }

  export interface PhaseRow {
    phase: string;
    /** ms since the schedule's start; `end` is the planned or, after a jump, the real one. -1 when it never began. */
    start: number;
    end: number;
    /** Arrivals that came due, were given to a user to send, were dropped. */
    due: number;
    dispatched: number;
    dropped: number;
    /** Arrivals given to a user late because no user was free at the due time. */
    waited: number;
    maxInFlight: number;
  }

  export interface Slot {
    /** Slot number: begins at slot * slotSeconds after the schedule's start. */
    slot: number;
    phase: string;
    started: number;
    /** Ended in this slot, by outcome. */
    outcomes: Record<string, number>;
    inFlight: number;
    /** Histograms of the `timeline` metrics of the requests SENT in this slot, without `below`. */
    metrics: Record<string, Histogram>;
  }

  export interface Instrument {
    /** 'kernel' (SO_TIMESTAMPING, self-test passed) or 'read', with the reason when it is 'read'. */
    clock: string;
    clockReason: string;
    /** Who reads the sockets: 'epoll' (pollers of the extension's own) or 'runtime' (Go's, which every platform has). */
    poller: string;
    /** By which timers users wait for their arrivals: 'timerfd' or 'runtime', which is up to a millisecond late. */
    timer: string;
    /**
     * Requests whose answer was stamped at the read although the clock is the kernel's: those over HTTP/2 (in gzip or
     * not), those over a unix socket, and those that came in gzip over HTTP/1.1. 0 with clock 'read'. Without probes.
     */
    readClock: { http2: number; gzip: number; unix: number };
    /**
     * How late a user that waited for its arrival got on with it, ms: the generator's own lateness (in serve(), with
     * the script's part).
     */
    lateness: Histogram;
    /** Kernel receive stamp -> our read, ms: how long events waited in the socket. Empty with clock 'read'. */
    readDelay: Histogram;
    contentEvents: number;
    contentReads: number;
    /**
     * Content events that came in one read with an earlier one, in a read over 5 ms after its bytes had come: the
     * reader may have joined what came apart.
     */
    lateShared: number;
    /** CPU seconds of this process (user + system) since the schedule's start, and the wall seconds. */
    cpuSeconds: number;
    wallSeconds: number;
    cpus: number;
    /** Highest share (0..1) of all CPUs' time used by this process in any second of the load. */
    cpuPeak: number;
    maxRssBytes: number;
    goroutines: number;
    /**
     * How often the wall clock was set during the run, and by how much at most, ms. The kernel stamps in wall time; what
     * was read around a step has the time of the read.
     */
    clockSteps: { count: number; largest: number };
    /** Panics of this module's own code, and the first sentences: each cost one request or one part of the snapshot. */
    faults: { count: number; first: string[] };
  }

  export interface Snapshot {
    /** Unix ms of the schedule's start, 0 when it never started. */
    startedAt: number;
    /** ms since the schedule's start, now or at the end of the load. */
    elapsed: number;
    /** started = finished + failed + interrupted + open + lost; open and lost are 0 in a sound run's teardown. */
    started: number;
    /** Outcome ok or cancelled. */
    finished: number;
    failed: number;
    interrupted: number;
    open: number;
    /** Came back from `stream()` and were never settled (the script threw). */
    lost: number;
    scriptErrors: number;
    firstScriptErrors: string[];
    refusedValues: number;
    /** A signal asked the process to stop ("SIGINT"), else "". */
    signal: string;
    remarks: Told[];
    failures: Failures;
    rows: Row[];
    outcomes: OutcomeRow[];
    phases: PhaseRow[];
    timeline: Slot[];
    instrument: Instrument;
    /** With `credentials` only. */
    tokens?: TokensView;
  }

  export function snapshot(): Snapshot;

  /** A settled request whose `traceparent` header said sampled. */
  export interface Trace {
    /** Trace id, 32 hexadecimal digits. */
    id: string;
    /** The id that the request named as parent, 16 digits. */
    span: string;
    outcome: Outcome;
    /** ms since the schedule's start; -1 when it was never sent. */
    sent: number;
    /** ms, -1 when there was none. */
    ttft: number;
    /** ms; of a request without content: when reading ended. */
    e2e: number;
    tags: Record<string, string>;
  }

  /**
   * The 20 slowest requests that ended well, the slowest first, and the first 5 of each outcome that failed. `sampled`
   * counts all.
   */
  export function traces(): { sampled: number; slowest: Trace[]; failed: Trace[] };

  /**
   * Cheap look at one phase, for rules that act during the run: p50, p95 and p99 of a configured timeline metric, NaN without
   * values.
   */
  export function phaseStats(
    phase: string,
    metric: string,
  ): { started: number; ended: number; failed: number; p50: number; p95: number; p99: number };

  /** Keeps a text for `kept()`, across VUs: teardown() judges, handleSummary() prints. */
  export function keep(text: string): void;
  export function kept(): string;

  /**
   * Remembers a text under its kind, across VUs and in order: facts of single requests for `notes()` in teardown().
   * Bounded: 64 MiB for all kinds together.
   */
  export function note(kind: string, text: string): void;
  /** The notes of a kind until now, and how many of them were left out for want of room. */
  export function notes(kind: string): { kept: string[]; lost: number };

  /**
   * Writes files (name -> text) into `folder`, which is made when missing; all of them appear whole, or none.
   * Returns "" or a sentence that says what went wrong (disk full, no permission) and where.
   */
  export function writeFiles(folder: string, files: Record<string, string>): string;

  /**
   * Makes `folder` and tries whether it can hold a run's files; nothing but the folder is left. Returns "" or a sentence
   * that says what went wrong and what to do.
   */
  export function checkFolder(folder: string): string;

  /**
   * Begins the file `path` with a line of JSON for each request that is booked from now on: of every so manieth one
   * (1: of all), or, with `failed`, of those alone that failed. It holds 1 GiB at most. Returns "" or why it cannot be made.
   * Times are ms: `due_ms` and `sent_ms` since the load began, the others since the request was sent; what did not happen
   * is absent. There is no text of prompts and answers in it.
   */
  export function recordRequests(path: string, every: number, failed: boolean): string;

  /** A line of that file. */
  export interface RequestEntry {
    due_ms?: number;
    sent_ms?: number;
    connect_ms: number;
    first_byte_ms?: number;
    ttft_ms?: number;
    e2e_ms?: number;
    end_ms?: number;
    outcome: string;
    status?: number;
    prompt_tokens?: number;
    completion_tokens?: number;
    request_id?: string;
    trace_id?: string;
    error?: string;
    tags: Record<string, string>;
  }

  /**
   * Ends that file: the requests in it, those that had no room, what went wrong ("" for nothing), and the 20 slowest of
   * those in it, the slowest first. Without the file, nothing.
   */
  export function recordedRequests(): { kept: number; leftOut: number; error: string; slowest: RequestEntry[] };

  /**
   * Begins the file that `npm run live` shows, where the environment names one (K6_SSE_LIVE): `head` is its first line.
   * From the load's begin to snapshot(), a line of JSON every 2 s follows: `t` and `end` (of the schedule), ms since the
   * load began; `line`, the sentence of the terminal; and the `slots` of the timeline in which something was booked since
   * the line before. Without the file nothing happens. What goes wrong with it is logged and takes nothing from the run.
   */
  export function showLive(head: string): void;

  /**
   * Asks the InfluxDB of `--out influxdb` whether it may be written to. Returns "", where there is none or it cannot be
   * reached too, or a sentence that says why not and what to do.
   */
  export function checkOutput(): string;

  /**
   * True where the environment that k6 was started in has this variable with this value. `__ENV` holds that environment
   * and what `-e` says, without a difference between the two.
   */
  export function fromSystem(name: string, value: string): boolean;

  /**
   * An output of k6 (`--out`) that logged errors. A hole is a time whose samples it did not keep: Unix ms, and about
   * how many.
   */
  export interface OutputErrors {
    /** As the output names itself: InfluxDBv1. */
    name: string;
    errors: number;
    /** The first three different ones. */
    messages: string[];
    /** At most 100; the last one takes what comes after. */
    holes: { from: number; to: number; samples: number }[];
  }

  /**
   * What k6's outputs have complained of until now; those that have not are absent. Outputs write their last samples
   * between teardown() and handleSummary().
   */
  export function outputs(): OutputErrors[];

  /** Facts about the machine and this binary for `run.json`'s environment. */
  export function environment(): {
    hostname: string;
    os: string;
    kernel: string;
    arch: string;
    cpuModel: string;
    cpus: number;
    memoryBytes: number;
    k6: string;
    go: string;
    /** The folder that k6 was started in. */
    cwd: string;
    /** Characters of a line of the terminal that stdout is; 0 where it is none. */
    columns: number;
    /** Stdout is a terminal that takes colours, and NO_COLOR, K6_NO_COLOR and --no-color are not given. */
    colour: boolean;
    /** Known in the init context only. k6 was told to look at no threshold (--no-thresholds), so no exit code is of one. */
    noThresholds: boolean;
  };
}
