import { tally } from 'k6/x/sse';
import { ParameterError } from '../config';
import type { Context, DerivedValues, Observed } from '../findings';
import { note, notes } from '../journal';
import { settledTruth, truthRefused } from '../provider';
import { detailOf, isAnothers, noteOf, servedBy, unjoined, withId } from '../truth';
import { fromCache } from './from-cache';
import type { Evidence, Feature } from './test';

export interface ProviderRecordOptions {
  /** The notes have details and the times of all chunks, and the simulated provider's answer begins with the id. */
  chunks?: boolean;
  /** The script says nothing without the provider's record: PROVIDER_URL must be given. */
  required?: boolean;
  /** The calls carry their ids already, where a simulated provider is behind the gateway. */
  ownIds?: boolean;
  /**
   * The simulated provider's answers begin with the id of their request. Only calls of this size are noted, and those that
   * got the answer to another request: for loads of which not every request can be kept.
   */
  whose?: string;
  /** Values of metrics that follow from the notes and from the provider's record: they are judged as all others. */
  values?: (observed: Pick<Observed, 'requests' | 'truth'>) => Iterable<DerivedValues>;
}

/**
 * Writes a note of every request into the journal, for findings about single requests. Where a simulated provider is
 * behind the gateway (PROVIDER_URL), each request carries an id in its prompt, and after the load the provider's record
 * of the same requests is read.
 */
export function withProviderRecord({
  chunks = false,
  required = false,
  ownIds = false,
  whose,
  values,
}: ProviderRecordOptions = {}): Feature {
  return {
    parameters(p, { script }) {
      if (required && p.providerUrl === undefined)
        throw new ParameterError(
          `PROVIDER_URL is missing: ${script} compares the gateway with the simulated provider behind it (simulator/README.md); give that one's address`,
        );
    },
    refused: ({ providerUrl }) => (providerUrl === undefined ? '' : truthRefused(providerUrl)),
    shape: (call, id, { p }) =>
      p.providerUrl === undefined || ownIds ? call : withId(call, id, chunks || whose !== undefined),
    answered(answer, sent, { p }) {
      if (whose !== undefined) {
        const another = servedBy(sent.id, answer.text) === isAnothers;
        if (!another && sent.call.size !== whose) return;
        const { size } = sent.call;
        const detail = size === whose ? detailOf(sent, answer, p.apiKeys.length, p.maxTokens) : undefined;
        note('request', { ...noteOf(sent, answer, detail), size, bytes: answer.bytes, another: another || undefined });
        return;
      }
      note('request', noteOf(sent, answer, chunks ? detailOf(sent, answer, p.apiKeys.length, p.maxTokens) : undefined));
    },
    observe(evidence, context) {
      read(evidence, context);
      for (const { tags, values: derived, at } of values?.(evidence) ?? []) tally(tags, derived, at);
    },
  };
}

/** Writes a note of every request into the journal, for findings about single requests, without any provider's record. */
export function withNotes(): Feature {
  return {
    answered(answer, sent, { p }) {
      const detail = detailOf(sent, answer, p.apiKeys.length, p.maxTokens);
      note('request', { ...noteOf(sent, answer, detail), cached: fromCache(answer, p) });
    },
    observe: readNotes,
  };
}

/** Puts the notes of all requests into the evidence. */
export function readNotes(evidence: Evidence): void {
  const { kept, lost } = notes('request');
  evidence.requests = kept.sort((a, b) => a.index - b.index);
  if (lost > 0) evidence.doubts.push(`${lost} requests could not be noted: too many for the memory kept for it`);
}

/** Puts the notes of all requests, and what the provider recorded of them, into the evidence. */
function read(evidence: Evidence, { p, run }: Context): void {
  readNotes(evidence);
  const { requests } = evidence;
  if (p.providerUrl === undefined || requests.length === 0) return;
  const truth = settledTruth(p.providerUrl, run);
  if ('failure' in truth) {
    evidence.doubts.push(truth.failure);
    return;
  }
  evidence.truth = truth.records;
  const doubt = unjoined(requests, truth, p.providerUrl);
  if (doubt !== undefined) evidence.doubts.push(doubt);
}
