/*
 * Google's own client for Vertex AI over gRPC, with only that of its types which the tests need: its own declarations
 * are 20 MB, which would cost each check of types seconds.
 */

interface Part {
  readonly text: string;
}

export interface GrpcAnswer {
  readonly candidates: {
    readonly content: { readonly role: string; readonly parts: Part[] } | null;
    readonly finishReason: string;
  }[];
  readonly usageMetadata: {
    readonly promptTokenCount: number;
    readonly candidatesTokenCount: number;
    readonly totalTokenCount: number;
  } | null;
  readonly modelVersion: string;
}

export interface GenerateRequest {
  readonly model: string;
  readonly contents: { readonly role?: string; readonly parts: Part[] }[];
  readonly systemInstruction?: { readonly parts: Part[] };
  readonly generationConfig?: { readonly maxOutputTokens: number };
}

/** google.protobuf.Value. */
export interface Value {
  readonly numberValue?: number;
  readonly stringValue?: string;
  readonly structValue?: { readonly fields: Readonly<Record<string, Value>> };
  readonly listValue?: { readonly values: readonly Value[] };
}

export interface GrpcError extends Error {
  readonly code: number;
  readonly details: string;
  readonly reason?: string;
  readonly domain?: string;
}

export interface PredictionClient {
  generateContent(request: GenerateRequest, options?: object): Promise<[GrpcAnswer]>;
  streamGenerateContent(request: GenerateRequest, options?: object): AsyncIterable<GrpcAnswer> & { cancel(): void };
  predict(request: {
    endpoint: string;
    instances: Value[];
    parameters?: Value;
  }): Promise<[{ readonly predictions: Value[] }]>;
  close(): Promise<void>;
}

/** `v1` or `v1beta1` of the API. It reads GRPC_DEFAULT_SSL_ROOTS_FILE_PATH when it is loaded: here. */
export function predictionClient(options: object, version: 'v1' | 'v1beta1' = 'v1'): PredictionClient {
  const { PredictionServiceClient } = require(
    `@google-cloud/aiplatform/build/src/${version}/prediction_service_client`,
  ) as {
    PredictionServiceClient: new (options: object) => PredictionClient;
  };
  return new PredictionServiceClient(options);
}
