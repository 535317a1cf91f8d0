import { asText } from '../shared/json.ts';
import type { Fields } from './fields.ts';
import { GraphError, badValue, invalid } from './graph-error.ts';
import { limits } from './limits.ts';
import type { Choice, Content } from './message.ts';

/** What the business has had approved. */
export interface Template {
  name: string;
  /** `fr`, `en_US`… */
  language: string;
  /** With {{1}}, {{2}}… */
  body: string;
  /** Titles of its quick replies. */
  quickReplies?: readonly string[];
  status?: 'approved' | 'paused' | 'disabled' | 'pending';
}

export const defaultTemplates: readonly Template[] = [
  { name: 'hello_world', language: 'en_US', body: 'Hello World' },
  {
    name: 'reponse_disponible',
    language: 'fr',
    body: 'Bonjour {{1}}, une réponse à votre question est prête. Écrivez-nous pour la recevoir.',
    quickReplies: ['Recevoir la réponse', 'Plus de messages'],
  },
];

/** The `template` object of a request, checked and filled. */
export function checkTemplate(template: Fields, known: readonly Template[]): Content {
  const name = template.label('name', 512);
  const language = template.object('language', ['code', 'policy']).label('code', 20);
  const found = known.find((one) => one.name === name && one.language === language);
  if (!found || found.status === 'pending')
    throw new GraphError(132001, { details: `template name (${name}) does not exist in ${language}` });
  if (found.status === 'paused') throw new GraphError(132015);
  if (found.status === 'disabled') throw new GraphError(132016);

  const values: string[] = [];
  const payloads = new Map<number, string>();
  const components = template.has('components')
    ? template.list('components', ['type', 'sub_type', 'index', 'parameters'])
    : [];
  for (const component of components) {
    const type = component.oneOf('type', ['header', 'body', 'button']);
    const parameters = component.has('parameters')
      ? component.list('parameters', ['type', 'text', 'payload', 'parameter_name'])
      : [];
    if (type === 'header' && parameters.length > 0) throw countError('header', parameters.length, 0);
    if (type === 'body') values.push(...parameters.map(bodyValue));
    if (type === 'button') {
      if (component.oneOf('sub_type', ['quick_reply', 'url']) !== 'quick_reply')
        throw new GraphError(132012, {
          details: `${component.at('sub_type')}: this template has no such button`,
        });
      const given = component.raw('index');
      const index = /^\d$/.test(asText(given)) ? Number(given) : -1;
      if (found.quickReplies?.[index] === undefined)
        throw badValue(
          `${component.at('index')}: this template has no button ${asText(given) || 'without a number'}`,
        );
      const [payload] = parameters;
      if (payload) {
        if (payload.raw('type') !== 'payload')
          throw new GraphError(132012, { details: `${payload.at('type')}: a quick reply takes a payload` });
        payloads.set(index, payload.text('payload', limits.buttonId));
      }
    }
  }
  const expected = new Set(found.body.match(/\{\{\d+\}\}/g)).size;
  if (values.length !== expected) throw countError('body', values.length, expected);
  const text = found.body.replace(/\{\{(\d+)\}\}/g, (_, n: string) => values[Number(n) - 1] ?? '');
  if ([...text].length > limits.interactiveBody) throw new GraphError(132005);
  const buttons: Choice[] = (found.quickReplies ?? []).map((title, i) => ({
    id: payloads.get(i) ?? title,
    title,
  }));
  return {
    kind: 'template',
    text,
    ...(buttons.length > 0 ? { buttons } : {}),
  };
}

/** Beyond the whole text: what is too long is said of that (132005). */
const PARAMETER_MAX = 32_768;

function bodyValue(parameter: Fields): string {
  if (parameter.raw('type') !== 'text')
    throw new GraphError(132012, { details: `${parameter.at('type')}: this template takes texts` });
  if (!parameter.has('text'))
    throw invalid("Parameter 'text' is mandatory for component parameter type 'text'");
  const value = parameter.text('text', PARAMETER_MAX);
  if (parameter.has('parameter_name')) parameter.report('template', 'this template numbers its parameters');
  if (/[\n\r\t]| {5}/.test(value)) throw new GraphError(132018);
  return value;
}

const countError = (component: string, given: number, expected: number): GraphError =>
  new GraphError(132000, {
    details: `${component}: number of localizable_params (${given}) does not match the expected number of params (${expected})`,
  });
