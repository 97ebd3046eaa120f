import type { TruthRecord } from '../../../simulator/truth/truth';

/** What the simulated provider at an address has in its truth; its calls are counted in full there. */
export async function readTruth(provider: string): Promise<(TruthRecord & { prompt_tokens: number })[]> {
  const { requests } = (await (await fetch(new URL('/truth', provider))).json()) as {
    requests: (TruthRecord & { prompt_tokens: number })[];
  };
  return requests;
}

export async function clearTruth(provider: string): Promise<void> {
  await fetch(new URL('/truth', provider), { method: 'DELETE' });
}
