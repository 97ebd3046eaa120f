import { createHash } from 'node:crypto';
import { seededRandom } from './random';

/** Numbers in the pool that vectors are cut from. */
const POOL = 65_536;
/** With this spread a vector of 1536 numbers has about length 1; one of 768 is 0.7 long. */
const SPREAD = Math.sqrt(3 / 1536);
/** Every number is written with the same width, so that a vector is a plain cut of one long text. */
const WIDTH = 10;

let pool: string | null = null;
let floats: Float32Array | null = null;

function numbers(): string {
  if (pool !== null) return pool;
  const random = seededRandom(20_250_601, 0);
  const parts: string[] = [];
  for (let index = 0; index < POOL + 16_384; index += 1) {
    const value = (random() * 2 - 1) * SPREAD;
    parts.push(`${value < 0 ? '-' : ''}${Math.abs(value).toFixed(value < 0 ? 6 : 7)},`);
  }
  pool = parts.join('');
  return pool;
}

function placeOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE(0) % POOL;
}

/**
 * The JSON of a text's vector: the same text has the same vector. Costs a hash and a cut, not 1536 conversions of
 * numbers.
 */
export function vectorJson(text: string, dimensions: number): string {
  const place = placeOf(text);
  return `[${numbers().slice(place * WIDTH, (place + dimensions) * WIDTH - 1)}]`;
}

/**
 * The same vector as base64 of its 32-bit floats, little-endian: what OpenAI's `encoding_format` base64 is. Also only a
 * cut.
 */
export function vectorBase64(text: string, dimensions: number): string {
  floats ??= Float32Array.from(numbers().split(',').slice(0, -1), Number);
  const { buffer, byteOffset, byteLength } = floats.subarray(placeOf(text), placeOf(text) + dimensions);
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
