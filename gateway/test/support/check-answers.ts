import { createAnswerChecker } from '@image-organizer/testing/answer-checker';
import { Router, type Request, type Response } from 'express';
import { createApiDocument } from '../../src/openapi/document.ts';

/** The router, with every answer that goes out of it, or of what comes behind it, held against the OpenAPI document. */
export function checkAnswers(router: Router) {
  const check = createAnswerChecker(createApiDocument());
  const wrong: string[] = [];
  const watch = (request: Request, response: Response) => {
    const { method, path } = request;
    let body = ''; // JSON is sent by one call of end(); bytes are streamed, and nothing is said of them
    const end = response.end.bind(response);
    response.end = ((...given: Parameters<Response['end']>) => {
      const chunk: unknown = given[0];
      if (typeof chunk === 'string' || Buffer.isBuffer(chunk)) body = chunk.toString();
      return end(...given);
    }) as Response['end'];
    response.once('finish', () => {
      const contentType = response.get('content-type') ?? null;
      const problem = check({ method, path, status: response.statusCode, contentType, body });
      if (problem !== undefined) wrong.push(problem);
    });
  };
  return {
    router: Router().use((request, response, next) => {
      watch(request, response);
      next();
    }, router),
    assert() {
      if (wrong.length) throw new Error(`not as the OpenAPI document has it:\n${wrong.join('\n')}`);
    },
  };
}
