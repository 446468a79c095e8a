import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module.ts';
import { PagesController } from './pages.controller.ts';
import { PageReads } from './page.reads.ts';
import { PageWrites } from './page.writes.ts';

@Module({ imports: [OutboxModule], controllers: [PagesController], providers: [PageReads, PageWrites] })
export class PagesModule {}
