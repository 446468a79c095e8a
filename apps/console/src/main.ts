// The first few kilobytes. They apply the colours at once, and load in parallel all that the first screen needs.
import { prefetch } from './api/prefetch.ts';
import { firstLanguage, firstScheme } from './app/choices.ts';
import './app/console.css';
import { paint } from './app/look.ts';
import { LOADERS } from './words/loaders.ts';

paint(firstScheme());
prefetch();
void LOADERS[firstLanguage()]();
if (/^\/(vouchers)?$/.test(location.pathname)) void import('./vouchers-list/vouchers-list.page.tsx');
const { start } = await import('./app/start.tsx');
await start();
