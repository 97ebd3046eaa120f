/** Names and values of a sample's tags. */
export type Tags = Readonly<Record<string, string>>;

/** Whether something with `tags` falls under what is asked of `wanted`. */
export function carries(tags: Tags, wanted: Tags): boolean {
  return Object.keys(wanted).every((name) => tags[name] === wanted[name]);
}

/** Tags as a sentence has them: `phase=load kind=chat`; "" without any. */
export const tagText = (tags: Tags) =>
  Object.entries(tags)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

const families = new Map<string, string>();

/** The model families that the plan gives token rates for: the tag `family` of a model. */
export function family(model: string): string {
  let found = families.get(model);
  if (found === undefined)
    families.set(model, (found = /claude|gemini|llama|cohere/i.exec(model)?.[0].toLowerCase() ?? 'other'));
  return found;
}

/** The plan's buckets of prompts (7.4.1), in tokens: values of the tag `size` where a script asks by size. */
export const promptBuckets = [
  { name: 'to-1k', below: 1000 },
  { name: 'to-8k', below: 8000 },
  { name: 'to-32k', below: 32_000 },
  { name: 'over-32k', below: Infinity },
] as const;

/** The name of the bucket that a prompt of so many tokens falls into. */
export function promptBucket(tokens: number): string {
  return promptBuckets.find(({ below }) => tokens < below)!.name;
}
