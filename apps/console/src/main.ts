// The first few kilobytes. They apply the colours at once, and load in parallel all that the first screen needs.
import { prefetch } from './api/prefetch.ts';
import { firstLanguage, firstScheme } from './app/choices.ts';
import './app/console.css';
import { loadScreen } from './app/first-screen.ts';
import { paint } from './app/look.ts';
import { LOADERS } from './words/loaders.ts';

paint(firstScheme());
prefetch();
void LOADERS[firstLanguage()]();
loadScreen(location.pathname);
const { start } = await import('./app/start.tsx');
await start();
