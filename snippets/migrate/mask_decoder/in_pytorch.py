"""Turn prompts into masks: the decoder of Segment Anything 2."""

# %% Setup
import torch
import torch.nn.functional as F
from torchao._models.sam2.modeling.sam.mask_decoder import (
    MaskDecoder,
)
from torchao._models.sam2.modeling.sam.transformer import (
    Attention,
    TwoWayAttentionBlock,
    TwoWayTransformer,
)
from torchao._models.sam2.modeling.sam2_utils import MLP

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"


def count(module):
    return sum(p.numel() for p in module.parameters())


# %% MLP
head = MLP(16, 32, 4, num_layers=3)
print("MLP:", count(head))

# %% Attention
halved = Attention(16, num_heads=2, downsample_rate=2)
print("attention:", count(halved))
print(*[tuple(p.shape) for p in halved.parameters()])

# %% Two-way block
block = TwoWayAttentionBlock(16, num_heads=2, mlp_dim=32)
print("block:", count(block))

# %% Two-way transformer
transformer = TwoWayTransformer(
    depth=2, embedding_dim=16, num_heads=2, mlp_dim=32
)
print("transformer:", count(transformer))

# %% Fall back to the best of three
# Nothing to do: MaskDecoder brings it along, as its method
# _dynamic_multimask_via_stability.

# %% Mask decoder
decoder = MaskDecoder(  # the options of SAM 2.1
    transformer_dim=16,
    transformer=transformer,
    iou_head_hidden_dim=32,
    use_high_res_features=True,
    iou_prediction_use_sigmoid=True,
    dynamic_multimask_via_stability=True,
    pred_obj_scores=True,
    pred_obj_scores_mlp=True,
    use_multimask_token_for_obj_ptr=True,
).to(device)


# %% One image, three prompts
def normal(*shape):
    return torch.randn(shape, device=device)


image, position = normal(1, 16, 8, 8), normal(1, 16, 8, 8)
fine, finer = normal(1, 16, 16, 16), normal(1, 16, 32, 32)
points, dense = normal(3, 2, 16), normal(3, 16, 8, 8)


# %% Predict
def predict(multimask, repeat_image=True):
    # The caller projects the finer features, not forward.
    high_res = [decoder.conv_s0(finer), decoder.conv_s1(fine)]
    return decoder(
        image_embeddings=image,
        image_pe=position,
        sparse_prompt_embeddings=points,
        dense_prompt_embeddings=dense,
        multimask_output=multimask,
        repeat_image=repeat_image,
        high_res_features=high_res,
    )


decoder.eval()
with torch.inference_mode():
    masks, iou, tokens, score = predict(multimask=True)
print("decoder:", count(decoder))
print("masks", tuple(masks.shape), "IoU", tuple(iou.shape))
print("tokens", tuple(tokens.shape), "score", tuple(score.shape))

# %% Carry the weights
state = {
    name: tensor.cpu().numpy()
    for name, tensor in decoder.state_dict().items()
}
print(len(state), "arrays; the first:", next(iter(state)))

# %% One mask
with torch.inference_mode():
    best = predict(multimask=True)[1].amax(dim=1)
    _, one, _, _ = predict(multimask=False)
    decoder.train()
    _, first, _, _ = predict(multimask=False)
print("best of three:", (one[:, 0] == best).tolist())
print("in training:", (first[:, 0] == best).tolist())

# %% Five steps
target = torch.zeros(3, 3, 32, 32, device=device)
target[..., :16] = 1  # the left half
optimizer = torch.optim.SGD(decoder.parameters(), lr=0.1)
decoder.train()


def loss_fn():
    masks, iou, _, score = predict(multimask=True)
    bce, mse = F.binary_cross_entropy_with_logits, F.mse_loss
    loss = bce(masks, target) + mse(iou, torch.ones_like(iou))
    return loss + bce(score, torch.ones_like(score))


def train_step():
    optimizer.zero_grad()
    loss = loss_fn()
    loss.backward()
    optimizer.step()
    return loss.item()


print(*[f"{train_step():.3g}" for _ in range(5)])
