// The cost of Nest on Fastify alone: one route without a token, with a constant answer of `BYTES` bytes.
import 'reflect-metadata';
import { Controller, Get, Header, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

const EMPTY = JSON.stringify({ constant: '' });
const ANSWER = JSON.stringify({ constant: 'x'.repeat(Number(process.env['BYTES']) - EMPTY.length) });

@Controller()
class ConstantController {
  @Get('constant')
  @Header('content-type', 'application/json; charset=utf-8')
  answer(): string {
    return ANSWER;
  }
}

@Module({ controllers: [ConstantController] })
class ConstantModule {}

const app = await NestFactory.create<NestFastifyApplication>(ConstantModule, new FastifyAdapter(), {
  logger: ['error'],
});
await app.listen(Number(process.env['PORT']), '0.0.0.0');
