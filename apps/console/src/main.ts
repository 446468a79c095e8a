// The first few kilobytes: the colours at once, and all that the first screen needs is asked for side by side.
import { askAhead } from './api/ahead.ts';
import { firstLanguage, firstScheme } from './app/choices.ts';
import './app/console.css';
import { paint } from './app/look.ts';
import { LOADERS } from './words/loaders.ts';

paint(firstScheme());
askAhead();
void LOADERS[firstLanguage()]();
if (/^\/(vouchers)?$/.test(location.pathname)) void import('./vouchers-list/vouchers-list.page.tsx');
const { start } = await import('./app/start.tsx');
await start();
