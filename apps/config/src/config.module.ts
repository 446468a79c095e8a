import { Module } from '@nestjs/common';
import { DatabaseModule } from '@vouchers/service';
import { ActivityController } from './activity/activity.controller.ts';
import { ActivityRow } from './activity/activity.entity.ts';
import { ConsoleController } from './console/console.controller.ts';
import { ConsoleFiles } from './console/console.files.ts';
import { UserAttributesController } from './console/user-attributes.controller.ts';
import { CONFIG_GRANTS } from './grants.ts';
import { CreateTables1763856000000 } from './migrations/1763856000000-create-tables.ts';
import { DeletionsAndQuotas1764460000012 } from './migrations/1764460000012-deletions-and-quotas.ts';
import { DefinitionLead1764460000020 } from './migrations/1764460000020-definition-lead.ts';
import { ParkedVouchers1764460000021 } from './migrations/1764460000021-parked-vouchers.ts';
import { FencedPositions1764460000022 } from './migrations/1764460000022-fenced-positions.ts';
import { ActivityTeam1764460000024 } from './migrations/1764460000024-activity-team.ts';
import { Teams1764460000028 } from './migrations/1764460000028-teams.ts';
import { SignedPublications1764460000310 } from './migrations/1764460000310-signed-publications.ts';
import { ActivityNames1764460000400 } from './migrations/1764460000400-activity-names.ts';
import { NamesOfEditors1764460000410 } from './migrations/1764460000410-names-of-editors.ts';
import { SavedItems1764460000420 } from './migrations/1764460000420-saved-items.ts';
import { OutboxRow } from './outbox/outbox.entity.ts';
import { OutboxModule } from './outbox/outbox.module.ts';
import { LivesFollower } from './outcomes/lives.follower.ts';
import { PageRow } from './pages/page.entity.ts';
import { PagesModule } from './pages/pages.module.ts';
import { RulesController } from './rules/rules.controller.ts';
import { SavedController } from './saved/saved.controller.ts';
import { SavedItems } from './saved/saved.items.ts';
import { VoucherRow, VoucherVersionRow } from './vouchers/voucher.entity.ts';
import { VouchersModule } from './vouchers/vouchers.module.ts';

/** The tables of config's database, how they came to be, and what config may do with them. */
export const TABLES = {
  entities: [VoucherRow, VoucherVersionRow, PageRow, ActivityRow, OutboxRow],
  migrations: [
    CreateTables1763856000000,
    DeletionsAndQuotas1764460000012,
    DefinitionLead1764460000020,
    ParkedVouchers1764460000021,
    FencedPositions1764460000022,
    ActivityTeam1764460000024,
    Teams1764460000028,
    SignedPublications1764460000310,
    ActivityNames1764460000400,
    NamesOfEditors1764460000410,
    SavedItems1764460000420,
  ],
  grants: CONFIG_GRANTS,
};

@Module({
  imports: [DatabaseModule.with(TABLES), OutboxModule, VouchersModule, PagesModule],
  controllers: [ActivityController, RulesController, SavedController, UserAttributesController, ConsoleController],
  providers: [LivesFollower, ConsoleFiles, SavedItems],
})
export class ConfigModule {}
