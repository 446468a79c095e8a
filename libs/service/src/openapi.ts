import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** OpenAPI from the code: /docs to read, /docs-json for programs. */
export function serveDocs(app: INestApplication, service: string): void {
  const about = new DocumentBuilder().setTitle(`Voucher platform: ${service}`).setVersion('1').addBearerAuth().build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, about), { jsonDocumentUrl: 'docs-json' });
}
