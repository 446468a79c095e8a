// Walks with the clients that oapi-codegen makes: create, publish, page, claim, redeem, counters, events by cursor.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/google/uuid"
	"reader/config"
	"reader/ledger"
	"reader/pagedelivery"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

// The decoded answer. Another status has none.
func some[T any](decoded *T, body []byte) T {
	if decoded == nil {
		log.Fatal(string(body))
	}
	return *decoded
}

func bearer(variable string) func(context.Context, *http.Request) error {
	return func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+os.Getenv(variable))
		return nil
	}
}

func main() {
	ctx := context.Background()
	staff := must(config.NewClientWithResponses(os.Getenv("CONFIG"), config.WithRequestEditorFn(bearer("STAFF"))))
	reader := must(ledger.NewClientWithResponses(os.Getenv("LEDGER"), ledger.WithRequestEditorFn(bearer("STAFF"))))
	edge := must(pagedelivery.NewClientWithResponses(os.Getenv("PAGE_DELIVERY")))
	alice, till := bearer("ALICE"), bearer("TILL")

	benefit := config.Benefit{}
	if err := benefit.FromAmountOff(config.AmountOff{Amount: 2000, Currency: "EUR", Type: "amount-off"}); err != nil {
		log.Fatal(err)
	}
	day := func(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }
	made := must(staff.CreateVoucherWithResponse(ctx, config.VoucherSpecInput{
		Name: "By Go", ResourceType: "coupon", Benefit: &benefit,
		Windows: config.WindowsInput{TimeZone: "UTC", Valid: config.TimeRange{From: day(2020), To: day(2120)}},
	}))
	id := some(made.JSON201, made.Body).Id
	published := must(staff.PublishVoucherWithResponse(ctx, id, nil, nil))
	some(published.JSON200, published.Body)
	slug := "go-" + strconv.FormatInt(time.Now().UnixNano(), 36)
	input := config.PageInput{Title: "Go", VoucherIds: []uuid.UUID{id}}
	saved := must(staff.SavePageWithResponse(ctx, slug, nil, input))
	some(saved.JSON201, saved.Body)

	viewed := must(edge.ViewPageWithResponse(ctx, slug, nil, alice))
	module := some(viewed.JSON200, viewed.Body).Modules[0]
	claimed := must(edge.ClaimVoucherWithResponse(ctx, id, &pagedelivery.ClaimVoucherParams{IdempotencyKey: "walk"},
		pagedelivery.ClaimInput{PageSlug: &slug}, alice))
	claim := some(claimed.JSON201, claimed.Body)
	order := pagedelivery.RedemptionInput{Order: pagedelivery.OrderInput{Id: "order-1", Amount: 12000, Currency: "EUR"}}
	redeemed := must(edge.RedeemClaimWithResponse(ctx, claim.Id,
		&pagedelivery.RedeemClaimParams{IdempotencyKey: "walk"}, order, till))
	redemption := some(redeemed.JSON201, redeemed.Body)

	counted := must(reader.GetCountersWithResponse(ctx, id, nil))
	counters := some(counted.JSON200, counted.Body)
	said := []any{module.State, claim.State, redemption.Order.Id, counters.Claimed, counters.Redeemed}
	limit, begin := 2, "0"
	for after := &begin; after != nil; {
		listed := must(reader.ListVoucherEventsWithResponse(ctx, id, &ledger.ListVoucherEventsParams{Limit: &limit, After: after}))
		page := some(listed.JSON200, listed.Body)
		for _, row := range page.Items {
			said = append(said, row.Type)
		}
		after = page.Next
	}
	fmt.Println(said...)
}
