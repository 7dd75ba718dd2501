/** One question to a language model: one image. */
export interface Prompt {
  /** Ours: what to do. */
  instructions: string;
  /** The folders, and fenced what strangers wrote. */
  data: string;
  /** JPEG. */
  thumbnail?: Buffer;
  /** JSON schema of the answer. */
  schema: Record<string, unknown>;
  /** The answer that was no good, and why. */
  repair?: { answer: string; problem: string };
}

export interface ModelAnswer {
  /** Meant to be JSON by the schema; nothing is promised. */
  content: string;
  promptTokens: number;
  completionTokens: number;
}

/** A language model behind a network. Adapters: openai-model.ts. Never tries again by itself. */
export interface LanguageModel {
  /** Stamped on its decisions. */
  readonly name: string;
  /** False where it was found to be, or is said to be, blind. */
  takesImages(): boolean;
  /** @throws ModelBusyError, ModelDownError, ModelRefusalError; what `signal` was aborted with */
  ask(prompt: Prompt, options: { signal: AbortSignal }): Promise<ModelAnswer>;
}

/** It asked to be left alone for a while. */
export class ModelBusyError extends Error {
  override name = 'ModelBusyError';
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** It did not answer, or will answer nobody: a wrong key, an unknown model. The message names the server, no secret. */
export class ModelDownError extends Error {
  override name = 'ModelDownError';
  readonly kind: 'timeout' | 'unavailable';
  constructor(message: string, kind: 'timeout' | 'unavailable', options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/** It works, and will not answer this prompt however often it is asked. */
export class ModelRefusalError extends Error {
  override name = 'ModelRefusalError';
}
