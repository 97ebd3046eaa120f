import * as tls from 'node:tls';
import { issue, OWN_NAMES, type Identity } from './authority';

/** Names with a certificate of their own that are kept; the first to come are the first to go. */
const KEPT = 500;

/** A certificate for each name that a client asks for, made at the first call and kept. */
export class Identities {
  readonly #contexts = new Map<string, Promise<tls.SecureContext>>();

  constructor(private readonly authority: Identity) {}

  /** For a client that asks for no name, or for an address. */
  own(): Promise<Identity> {
    return issue(this.authority, OWN_NAMES);
  }

  readonly forName = (name: string, done: (error: Error | null, context?: tls.SecureContext) => void): void => {
    let context = this.#contexts.get(name);
    if (context === undefined) {
      context = issue(this.authority, [name]).then((identity) => tls.createSecureContext(identity));
      if (this.#contexts.size >= KEPT) this.#contexts.delete(this.#contexts.keys().next().value ?? '');
      this.#contexts.set(name, context);
    }
    context.then(
      (made) => done(null, made),
      (error: unknown) => done(error as Error),
    );
  };
}
