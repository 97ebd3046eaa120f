import type { OutcomeRow, Row } from 'k6/x/sse';

/** What a part of the requests cost, US dollars. */
export interface CostRow {
  name: string;
  requests: number;
  input: number;
  output: number;
  total: number;
  /** Of one request. */
  mean: number;
}

/** run.json's cost: of the requests whose model has a price and whose usage was told. */
export interface CostReport {
  currency: 'USD';
  requests: number;
  /** Requests that ended well and have no cost here: no price for the model, or no usage. */
  unpriced: number;
  input: number;
  output: number;
  total: number;
  mean: number;
  by_model: CostRow[];
  /**
   * By the number of the key in API_KEYS_FILE, from 1: a key an agency. `all` where there is one key, or too many for a
   * tag.
   */
  by_agency: CostRow[];
  /** The price table: its file, and the model's figures. */
  prices: {
    file: string;
    models: Record<
      string,
      { provider: string; input: number; output: number; cached?: number; source: string; date: string }
    >;
  };
}

/** Adds up what was booked under llm_cost_usd; null where nothing has a price. */
export function costReport(
  snapshot: { rows: readonly Row[]; outcomes: readonly OutcomeRow[] },
  prices: CostReport['prices'],
): CostReport | null {
  const priced = snapshot.rows.filter((row) => row.metric === 'llm_cost_usd' && row.histogram.count > 0);
  if (priced.length === 0) return null;
  const inputs = snapshot.rows.filter((row) => row.metric === 'llm_cost_input_usd');
  const by = (tag: 'model' | 'agency', without: string): CostRow[] => {
    const nameOf = (row: Row) => row.tags[tag] ?? without;
    return [...new Set(priced.map(nameOf))]
      .sort()
      .map((name) => ({ name, ...sums(priced, inputs, (row) => nameOf(row) === name) }));
  };
  const whole = sums(priced, inputs, () => true);
  const good = snapshot.outcomes
    .filter((row) => row.outcome === 'ok' && row.tags.kind !== 'models' && row.tags.kind !== 'refused')
    .reduce((sum, row) => sum + row.count, 0);
  const used = Object.fromEntries(
    Object.entries(prices.models).filter(([model]) => priced.some((row) => row.tags.model === model)),
  );
  return {
    currency: 'USD',
    unpriced: Math.max(0, good - whole.requests),
    ...whole,
    by_model: by('model', 'none'),
    by_agency: by('agency', 'all'),
    prices: { file: prices.file, models: used },
  };
}

function sums(priced: readonly Row[], inputs: readonly Row[], chosen: (row: Row) => boolean): Omit<CostRow, 'name'> {
  const total = priced.filter(chosen).reduce((sum, row) => sum + row.histogram.sum, 0);
  const requests = priced.filter(chosen).reduce((sum, row) => sum + row.histogram.count, 0);
  const input = inputs.filter(chosen).reduce((sum, row) => sum + row.histogram.sum, 0);
  return { requests, input, output: Math.max(0, total - input), total, mean: total / requests };
}
