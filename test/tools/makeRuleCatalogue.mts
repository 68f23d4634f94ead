import { writeFileSync } from 'node:fs';
import { renderCatalogue } from '../../server/rules/catalogue.ts';
import { rules } from '../../server/rules/index.ts';

/** `npm run docs`: writes the page of the rules. */
writeFileSync(new URL('../../server/rules/README.md', import.meta.url), renderCatalogue(rules));
