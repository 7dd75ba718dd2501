import type OpenAI from 'openai';
import type { APIError } from 'openai';
import type { Prompt } from '../domain/language-model.ts';

/** How the answer's form is asked for, the best first. */
export const answerFormats = ['json_schema', 'json_object', 'text'] as const;
type AnswerFormat = (typeof answerFormats)[number];

/** What the server is thought to be able to do. */
export interface Features {
  answerFormat: AnswerFormat;
  images: boolean;
  /** OpenAI's newer models refuse the older name, other servers know only that. */
  tokenLimit: 'max_completion_tokens' | 'max_tokens';
}

/** Enough for an answer and some thought before it. */
const mostAnswerTokens = 2_000;
const longestRepair = 2_000;

export function requestOf(
  model: string,
  prompt: Prompt,
  { answerFormat, tokenLimit }: Features,
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  return {
    model,
    messages: messagesOf(prompt, answerFormat),
    [tokenLimit]: mostAnswerTokens,
    ...(answerFormat !== 'text' && { response_format: responseFormat(answerFormat, prompt.schema) }),
  };
}

const responseFormat = (format: 'json_schema' | 'json_object', schema: Prompt['schema']) =>
  format === 'json_object'
    ? { type: format }
    : { type: format, json_schema: { name: 'filing', strict: true, schema } };

/** Where the server takes no schema, the prompt says it. */
export function messagesOf(prompt: Prompt, format: AnswerFormat): OpenAI.ChatCompletionMessageParam[] {
  const { instructions, data, thumbnail, schema, repair } = prompt;
  const form = format === 'json_schema' ? '' : `\nJSON schema of the answer: ${JSON.stringify(schema)}`;
  return [
    { role: 'system', content: instructions + form },
    { role: 'user', content: thumbnail ? [{ type: 'text', text: data }, imagePart(thumbnail)] : data },
    ...(repair ? repairMessages(repair) : []),
  ];
}

/** `low` costs a fixed number of tokens, and 512 pixels are all it looks at. */
const imagePart = (jpeg: Buffer): OpenAI.ChatCompletionContentPartImage => ({
  type: 'image_url',
  image_url: { url: `data:image/jpeg;base64,${jpeg.toString('base64')}`, detail: 'low' },
});

const repairMessages = ({
  answer,
  problem,
}: NonNullable<Prompt['repair']>): OpenAI.ChatCompletionMessageParam[] => [
  { role: 'assistant', content: answer.slice(0, longestRepair) || '(nothing)' },
  {
    role: 'user',
    content: `That answer cannot be used. ${problem.slice(0, longestRepair)}\nAnswer again, with JSON by the schema only.`,
  },
];

/** What a refusal says of the server rather than of the prompt. @returns undefined when it says nothing of that */
export function withoutRefused(
  { status, message }: Pick<APIError, 'status' | 'message'>,
  features: Features,
  vision: 'auto' | 'on' | 'off',
): Features | undefined {
  if (status !== 400 && status !== 422) return undefined;
  const nextFormat = answerFormats[answerFormats.indexOf(features.answerFormat) + 1];
  if (nextFormat && /response_format|json_schema|json_object/i.test(message))
    return { ...features, answerFormat: nextFormat };
  if (features.tokenLimit === 'max_completion_tokens' && message.includes('max_completion_tokens'))
    return { ...features, tokenLimit: 'max_tokens' };
  if (features.images && vision === 'auto' && /image_url|vision|multimodal|support\w* image/i.test(message))
    return { ...features, images: false };
  return undefined;
}
