import { cleanFolderPath } from '@image-organizer/contracts/folder-path';
import { messageOf } from '@image-organizer/platform/errors';
import { z } from 'zod';
import { type LlmCandidate, newFolderLabel, unclearLabel } from './llm-candidates.ts';

/** One schema for the server's grammar and for our own check; strict mode wants every key and knows no lengths. */
const answerSchema = (candidates: LlmCandidate[]) =>
  z.object({
    caption: z.string(),
    tags: z.array(z.string()),
    folder: z.enum([...candidates.map(({ label }) => label), newFolderLabel, unclearLabel]),
    newFolder: z
      .object({ path: z.string(), description: z.string(), commonWords: z.array(z.string()) })
      .nullable(),
    confidence: z.number().min(0).max(1),
    reason: z.string(),
  });
type Fields = z.output<ReturnType<typeof answerSchema>>;

export interface LlmAnswer extends Pick<Fields, 'caption' | 'tags' | 'confidence' | 'reason'> {
  choice:
    | { kind: 'candidate'; candidate: LlmCandidate }
    | { kind: 'new'; path: string; description: string; commonWords: string[] }
    | { kind: 'unclear' };
}

/** JSON schema of the answer: `folder` is an enum of the candidates, a new folder, or none. */
export function answerJsonSchema(candidates: LlmCandidate[]): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(answerSchema(candidates));
  return schema;
}

/** Checks what the model said, whatever its server promised. @returns the answer, or what is wrong with it in words */
export function readAnswer(
  content: string,
  candidates: LlmCandidate[],
): { answer: LlmAnswer } | { problem: string } {
  let json: object;
  try {
    json = JSON.parse(jsonIn(content)) as object;
  } catch (error) {
    return { problem: `It is not JSON: ${messageOf(error)}` };
  }
  const parsed = answerSchema(candidates).safeParse({ newFolder: null, ...json });
  if (!parsed.success) return { problem: z.prettifyError(parsed.error) };
  const choice = choiceOf(parsed.data, candidates);
  if (!choice) return { problem: `newFolder.path is needed where folder is "${newFolderLabel}"` };
  const { caption, tags, confidence, reason } = parsed.data;
  return { answer: { caption, tags, confidence, reason, choice } };
}

/** Models without a grammar put thoughts before their JSON and fences around it. */
const jsonIn = (content: string): string => {
  const said = content.replace(/^[\s\S]*<\/think>/, '');
  return said.slice(Math.max(0, said.indexOf('{')), said.lastIndexOf('}') + 1);
};

function choiceOf(
  { folder, newFolder }: Fields,
  candidates: LlmCandidate[],
): LlmAnswer['choice'] | undefined {
  if (folder === unclearLabel) return { kind: 'unclear' };
  const candidate = candidates.find(({ label }) => label === folder);
  if (candidate) return { kind: 'candidate', candidate };
  const path = cleanFolderPath(newFolder?.path ?? '');
  return newFolder && path !== '' ? { kind: 'new', ...newFolder, path } : undefined;
}
