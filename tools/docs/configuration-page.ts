import { params } from '../../functions/src/config/params.ts';

/** docs/configuration.md: every param of a deployment, from the table that declares them. */
export const configurationPage = (): string => {
  const rows = Object.values(params).map((param) => {
    const bounds =
      param.kind === 'integer' ? `${format(param.min)} to ${format(param.max)} ${param.unit}` : '';
    const value = param.default === '' ? 'empty' : `\`${param.default}\``;
    return `| \`${param.name}\` | ${value} | ${bounds} | ${param.description} |`;
  });
  return [
    '# Configuration',
    'A deployment is configured by Firebase params. `functions/.env` holds the defaults, and `functions/.env.<project>` ' +
      'what differs in a project. The functions refuse every call while a param is out of its bounds, and the log names it.',
    ['| param | default | bounds | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
};

const format = (value: number): string => value.toLocaleString('en-US');
