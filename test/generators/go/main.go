// In charge of a client that oapi-codegen has made: it creates a channel, appends rows, and reads them by filters.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"kronicle.test/generators/kronicle"
)

func main() {
	if err := run(context.Background(), os.Getenv("KRONICLE_URL"), os.Getenv("KRONICLE_ADMIN_KEY")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, url string, key string) error {
	client, err := kronicle.NewClientWithResponses(url, kronicle.WithRequestEditorFn(
		func(_ context.Context, request *http.Request) error {
			request.Header.Set("Authorization", "Bearer "+key)
			return nil
		}))
	if err != nil {
		return err
	}

	name := "made-by-go"
	created, err := client.CreateChannelWithResponse(ctx, kronicle.ChannelDefinition{
		Name:          &name,
		ChannelSchema: kronicle.ChannelSchema{"temperature": "float", "note": "optional[str]", "labels": "optional[list]"},
	})
	if err != nil {
		return err
	}
	if created.JSON201 == nil {
		return fmt.Errorf("the channel was not created: %s", created.Body)
	}
	if created.JSON201.FirstTime != nil {
		return fmt.Errorf("a channel without rows has a first time: %s", *created.JSON201.FirstTime)
	}
	id := created.JSON201.ChannelId

	appended, err := client.AppendRowsWithResponse(ctx, id, nil, kronicle.RowsAppend{Rows: []kronicle.NewRow{
		{"time": "2024-03-01T00:00:00Z", "temperature": 19.5},
		{"time": "2024-03-01T00:01:00Z", "temperature": 20.5, "note": "window, open", "labels": []string{"attic"}},
		{"time": "2024-03-01T00:02:00Z", "temperature": 21.5, "note": "late"},
	}})
	if err != nil {
		return err
	}
	if appended.JSON200 == nil || appended.JSON200.OpDetails.InsertedRows != 3 {
		return fmt.Errorf("the rows were not appended: %s", appended.Body)
	}

	for _, wanted := range []struct {
		where        []string
		temperatures []float64
	}{
		{[]string{"temperature>=20.5"}, []float64{20.5, 21.5}},
		{[]string{"temperature>=20", "temperature<=21"}, []float64{20.5}},
		{[]string{`note:any="window, open",late`}, []float64{20.5, 21.5}},
		{[]string{"note=window, open"}, []float64{20.5}},
		{[]string{"note:null=true"}, []float64{19.5}},
		{[]string{"labels:has=attic"}, []float64{20.5}},
	} {
		sort := "time"
		read, err := client.ReadRowsWithResponse(ctx, id, &kronicle.ReadRowsParams{Where: &wanted.where, Sort: &sort})
		if err != nil {
			return err
		}
		if read.JSON200 == nil {
			return fmt.Errorf("%q was not answered: %s", wanted.where, read.Body)
		}
		var found []float64
		for _, row := range read.JSON200.Rows {
			temperature, _ := row.AdditionalProperties["temperature"].(float64)
			found = append(found, temperature)
		}
		if fmt.Sprint(found) != fmt.Sprint(wanted.temperatures) {
			return fmt.Errorf("%q found %v, not %v", wanted.where, found, wanted.temperatures)
		}
	}

	refused, err := client.ReadRowsWithResponse(ctx, id, &kronicle.ReadRowsParams{Where: &[]string{"temprature>=20"}})
	if err != nil {
		return err
	}
	if refused.ApplicationproblemJSON400 == nil {
		return fmt.Errorf("an unknown column was not refused: %s", refused.Body)
	}
	return nil
}
