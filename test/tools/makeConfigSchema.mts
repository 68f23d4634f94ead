import { mkdirSync, writeFileSync } from 'node:fs';
import { rules } from '../../server/rules/index.ts';
import { renderConfigSchema } from './configSchema.ts';

/** `npm run docs`: writes the schema of hostpci.json. */
const folder = new URL('../../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('hostpci.schema.json', folder), renderConfigSchema(rules));
