import type { Rule } from '../../server/rules/rule.ts';

/** The schema of hostpci.json, with which editors complete and check it, as text. */
export function renderConfigSchema(rules: readonly Rule[]): string {
  const areas = new Map(rules.map(({ id }) => [`${id.slice(0, id.indexOf('/'))}/*`, id.slice(0, id.indexOf('/'))]));
  const choices: readonly (readonly [name: string, description: string])[] = [
    ['*', 'All rules.'],
    ...[...areas].map(([name, area]) => [name, `All rules of the area ${area}.`] as const),
    ...rules.map(rule => [rule.id, `${rule.docs.what} By default: ${rule.severity}.`] as const),
  ];
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'hostpci.json',
    description: 'How hostpci judges the hosts at and below this folder.',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      rules: {
        description:
          "Severity of rules, by id, by area or for all. A rule's own entry goes before that of its area. In a list the last entry that is about the file counts.",
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(
          choices.map(([name, description]) => [name, { description, $ref: '#/definitions/choice' }]),
        ),
      },
      assumedVersion: {
        description: 'The qemu-server version to assume where no snapshot says it, such as 8.4.1.',
        type: 'string',
        pattern: '^(\\d+(\\.\\d+)*)?$',
      },
    },
    definitions,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

const definitions = {
  severity: { enum: ['error', 'warning', 'info', 'hint', 'off'] },
  entry: {
    type: 'object',
    required: ['files', 'severity'],
    additionalProperties: false,
    properties: {
      files: {
        description:
          'The files that this is about: globs such as old/** or **/vfio.conf. One that starts with / starts at the folder of this file.',
        anyOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: { type: 'string' } }],
      },
      severity: { $ref: '#/definitions/severity' },
    },
  },
  one: { anyOf: [{ $ref: '#/definitions/severity' }, { $ref: '#/definitions/entry' }] },
  choice: {
    anyOf: [{ $ref: '#/definitions/one' }, { type: 'array', minItems: 1, items: { $ref: '#/definitions/one' } }],
  },
};
