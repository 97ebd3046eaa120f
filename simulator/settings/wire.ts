/** The name of a protocol that the provider speaks. Which there are, providers/provider.ts says alone. */
export type Wire = string;
