/**
 * Posts JSON and returns the texts in named fields of the answer.
 * @throws with status and text of any other answer
 */
export const postJson = async <Field extends string>(
  url: string,
  body: object,
  fields: readonly Field[],
  headers: Record<string, string> = {},
): Promise<Record<Field, string>> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const answer: unknown = response.ok ? JSON.parse(text) : undefined;
  if (!hasTexts(answer, fields)) {
    throw new Error(`POST ${url} needs an answer with ${fields.join(', ')}, got ${response.status} ${text}`);
  }
  return answer;
};

const hasTexts = <Field extends string>(
  value: unknown,
  fields: readonly Field[],
): value is Record<Field, string> => {
  if (typeof value !== 'object' || value === null) return false;
  return fields.every((field) => typeof Reflect.get(value, field) === 'string');
};
