import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';

type Described = { content?: Record<string, unknown> };
type Paths = Record<string, Record<string, { responses?: Record<string, Described> } | undefined>>;

export interface GivenAnswer {
  method: string;
  /** Without the query. */
  path: string;
  status: number;
  contentType: string | null;
  /** Where it is JSON. */
  body: string;
}

/** Says what is wrong with an answer: undefined where the document describes it. */
export type AnswerChecker = (answer: GivenAnswer) => string | undefined;

/** Holds answers against an OpenAPI 3.1 document: path, method, status, content type, and JSON against its schema. */
export function createAnswerChecker(document: object): AnswerChecker {
  const { paths = {} } = document as { paths?: Paths };
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ ...document, $id: 'api' });

  function problemOf({ method, path, status, contentType, body }: GivenAnswer): string | undefined {
    const verb = method.toLowerCase();
    const call = findCall(paths, path, verb === 'head' ? 'get' : verb);
    if (!call) return status === 404 || status === 401 ? undefined : 'an unknown call';
    const described = paths[call[0]]?.[call[1]]?.responses?.[status];
    if (!described) return 'an undocumented status';
    if (verb === 'head' || status === 304) return undefined;

    const type = contentType?.split(';')[0]?.trim().toLowerCase();
    if (type === undefined) return described.content ? 'no content type' : undefined;
    const range = [type, type.replace(/\/.*/, '/*')].find((name) => described.content?.[name]);
    if (range === undefined) return `an undocumented content type, ${type}`;
    if (!type.endsWith('json')) return undefined;
    const pointer = ['paths', ...call, 'responses', String(status), 'content', range, 'schema'];
    const validate = ajv.getSchema(`api#/${pointer.map(escape).join('/')}`)!;
    return validate(JSON.parse(body)) ? undefined : ajv.errorsText(validate.errors);
  }

  return (answer) => {
    const problem = problemOf(answer);
    return problem && `${answer.method} ${answer.path} answered ${answer.status}: ${problem}`;
  };
}

const escape = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

/** The template and the method: of several that the path fits, /a/b before /a/{id}. */
function findCall(paths: Paths, path: string, verb: string): [template: string, verb: string] | undefined {
  const [template] = Object.keys(paths)
    .filter((name) => patternOf(name).test(path))
    .sort((a, b) => a.split('{').length - b.split('{').length);
  return template !== undefined && paths[template]?.[verb] ? [template, verb] : undefined;
}

const patternOf = (template: string) =>
  new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`);
