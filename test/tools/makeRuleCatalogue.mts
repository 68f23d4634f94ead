import { writeFileSync } from 'node:fs';
import { renderCatalogue, renderTexts } from '../../server/rules/catalogue.ts';
import { rules } from '../../server/rules/index.ts';

/** `npm run docs`: writes the page of the rules, and the texts that the program shows of them. */
writeFileSync(new URL('../../server/rules/README.md', import.meta.url), renderCatalogue(rules));
writeFileSync(new URL('../../server/data/rules.json', import.meta.url), renderTexts(rules));
