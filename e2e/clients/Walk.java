// Walks with the clients that openapi-generator makes: create, publish, page, claim, redeem, counters, events by cursor.
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import vouchers.config.api.PagesApi;
import vouchers.config.api.VoucherLifeApi;
import vouchers.config.api.VouchersApi;
import vouchers.config.model.AmountOff;
import vouchers.config.model.Benefit;
import vouchers.config.model.PageInput;
import vouchers.config.model.TimeRange;
import vouchers.config.model.VoucherSpecInput;
import vouchers.config.model.WindowsInput;
import vouchers.ledger.api.CountersApi;
import vouchers.ledger.api.EventsApi;
import vouchers.pagedelivery.api.ClaimsApi;
import vouchers.pagedelivery.api.RedemptionsApi;
import vouchers.pagedelivery.model.ClaimInput;
import vouchers.pagedelivery.model.Currency;
import vouchers.pagedelivery.model.OrderInput;
import vouchers.pagedelivery.model.RedemptionInput;

public class Walk {
  static String env(String name) {
    return System.getenv(name);
  }

  static vouchers.pagedelivery.ApiClient edge(String token) {
    var client = new vouchers.pagedelivery.ApiClient().setBasePath(env("PAGE_DELIVERY"));
    client.setAccessToken(env(token));
    return client;
  }

  public static void main(String[] args) throws Exception {
    var config = new vouchers.config.ApiClient().setBasePath(env("CONFIG"));
    config.setAccessToken(env("STAFF"));
    var ledger = new vouchers.ledger.ApiClient().setBasePath(env("LEDGER"));
    ledger.setAccessToken(env("STAFF"));
    var alice = edge("ALICE");

    var benefit = new AmountOff().type(AmountOff.TypeEnum.AMOUNT_OFF).amount(2000).currency("EUR");
    var valid = new TimeRange().from(OffsetDateTime.parse("2020-01-01T00:00:00Z")).to(OffsetDateTime.parse("2120-01-01T00:00:00Z"));
    var spec = new VoucherSpecInput().name("By Java").resourceType(VoucherSpecInput.ResourceTypeEnum.COUPON)
        .benefit(new Benefit(benefit)).windows(new WindowsInput().timeZone("UTC").valid(valid));
    UUID id = new VouchersApi(config).createVoucher(spec).getId();
    new VoucherLifeApi(config).publishVoucher(id, null, null);
    String slug = "java-" + UUID.randomUUID();
    new PagesApi(config).savePage(slug, new PageInput().title("Java").voucherIds(Set.of(id)), null);
    var module = new vouchers.pagedelivery.api.PagesApi(alice).viewPage(slug, null, null, null, null).getModules().get(0);
    var claim = new ClaimsApi(alice).claimVoucher(id, "walk", null, null, null, new ClaimInput().pageSlug(slug));
    var order = new OrderInput().id("order-1").amount(12000).currency(Currency.EUR);
    var redemption = new RedemptionsApi(edge("TILL"))
        .redeemClaim(claim.getId(), "walk", new RedemptionInput().order(order), null, null, null);
    var counters = new CountersApi(ledger).getCounters(id, null);
    List<String> said = new ArrayList<>(List.of(module.getState().getValue(), claim.getState().getValue(),
        redemption.getOrder().getId(), "" + counters.getClaimed(), "" + counters.getRedeemed()));
    for (String after = "0"; after != null;) {
      var page = new EventsApi(ledger).listVoucherEvents(id, null, null, null, null, null, null, 2, after);
      page.getItems().forEach(row -> said.add(row.getType().getValue()));
      after = page.getNext();
    }
    System.out.println(String.join(" ", said));
    System.exit(0); // The clients' threads would keep the program for a while.
  }
}
