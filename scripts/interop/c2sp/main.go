// Checks C2SP checkpoints, cosignatures and proofs with the libraries of others, torchwood and
// sumdb/note. It reads JSON from standard input, keys in hexadecimal, and prints either what
// { proof, leaf, origin, logKey, cosigners } shows, or the cosignature of { text, name, seed }.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type input struct {
	Proof     string
	Leaf      string
	Origin    string
	LogKey    string
	Cosigners []struct{ Name, Key string }

	Text string
	Name string
	Seed string
}

func main() {
	var in input
	must(json.NewDecoder(os.Stdin).Decode(&in))
	if in.Seed != "" {
		cosign(in)
		return
	}
	log, err := note.NewVerifier(vkey(in.Origin, 0x01, in.LogKey))
	must(err)
	policies := []torchwood.Policy{torchwood.SingleVerifierPolicy(log), torchwood.OriginPolicy(in.Origin)}
	for _, cosigner := range in.Cosigners {
		verifier, err := torchwood.NewCosignatureVerifier(vkey(cosigner.Name, 0x04, cosigner.Key))
		must(err)
		policies = append(policies, torchwood.SingleVerifierPolicy(verifier))
	}
	policy := torchwood.ThresholdPolicy(len(policies), policies...)
	leaf, err := hex.DecodeString(in.Leaf)
	must(err)
	must(torchwood.VerifyProof(policy, tlog.RecordHash(leaf), []byte(in.Proof)))
	_, signed, _ := bytes.Cut([]byte(in.Proof), []byte("\n\n"))
	checkpoint, opened, err := torchwood.VerifyCheckpoint(signed, policy)
	must(err)
	fmt.Printf("%s\n%d\n%d\n", checkpoint.Origin, checkpoint.N, len(opened.Sigs))
}

// cosign prints the text as a note with the cosignature of the key of this seed.
func cosign(in input) {
	seed, err := hex.DecodeString(in.Seed)
	must(err)
	signer, err := torchwood.NewCosignatureSigner(in.Name, ed25519.NewKeyFromSeed(seed))
	must(err)
	signed, err := note.Sign(&note.Note{Text: in.Text}, signer)
	must(err)
	os.Stdout.Write(signed)
}

// vkey spells a key as signed-note does: name, key id, type and public key.
func vkey(name string, kind byte, key string) string {
	public, err := hex.DecodeString(key)
	must(err)
	data := append([]byte{kind}, public...)
	digest := sha256.Sum256(append([]byte(name+"\n"), data...))
	id := binary.BigEndian.Uint32(digest[:4])
	return fmt.Sprintf("%s+%08x+%s", name, id, base64.StdEncoding.EncodeToString(data))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
