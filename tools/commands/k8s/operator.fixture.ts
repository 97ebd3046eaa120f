import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { parse as parseYaml } from 'yaml';
import { capture } from '../../programs/process';

/** The newest version of k6-operator that the Go module proxy had when this was written. */
export const operator = 'github.com/grafana/k6-operator@v1.5.0';

/** The folder of k6-operator's sources in Go's module cache, into which they are fetched; a sentence where they cannot. */
export async function operatorSources(): Promise<{ folder: string } | { missing: string }> {
  const { code, stdout, stderr } = await capture('go', ['mod', 'download', '-json', operator], {
    cwd: '/',
    env: { ...process.env, GOFLAGS: '-mod=mod' },
  });
  const { Dir, Error: why } = JSON.parse(stdout || '{}') as { Dir?: string; Error?: string };
  if (code !== 0 || !Dir) return { missing: `${operator} cannot be had: ${why ?? stderr.trim()}` };
  return { folder: Dir };
}

type Schema = Record<string, unknown>;

/**
 * A check of the operator's own schema of a TestRun. A cluster leaves out fields that the schema does not know; here they
 * are refused, since a mistyped one would be lost without a word.
 */
export function testRunCheck(sources: string): ValidateFunction {
  const file = join(sources, 'config/crd/bases/k6.io_testruns.yaml');
  const { spec } = parseYaml(readFileSync(file, 'utf8')) as {
    spec: { versions: { name: string; schema: { openAPIV3Schema: { properties: Record<string, Schema> } } }[] };
  };
  const version = spec.versions.find(({ name }) => name === 'v1alpha1')!;
  const ajv = new Ajv({ strict: false, formats: { int32: true, int64: true } });
  return ajv.compile(closed(version.schema.openAPIV3Schema.properties.spec!) as Schema);
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const of = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)])) as Schema;
  const open = of['x-kubernetes-preserve-unknown-fields'] === true || of.additionalProperties !== undefined;
  return of.type === 'object' && of.properties !== undefined && !open ? { ...of, additionalProperties: false } : of;
}
