/** The plan's batches are of 10 to 100 texts; Cohere on Bedrock takes 96 at most, and more is refused with 422. */
export const maxBatch = 96;

/** Numbers of texts that batches are tried with: up to the most that the target takes in one request. */
export function batchSizes(most: number = maxBatch): number[] {
  const largest = Math.min(maxBatch, most);
  return [...[1, 10, 32, 64].filter((texts) => texts < largest), largest];
}
